// Mending translations: what was typed outlives the page, and a sentence is saved from the keyboard.

const PREFIX = `sentence:${document.body.dataset.reader ?? ""}:`;

for (const area of document.querySelectorAll("textarea[data-kept]")) {
  const name = PREFIX + area.dataset.kept;
  const kept = localStorage.getItem(name);
  if (kept !== null && kept !== area.value) area.value = kept;
  area.addEventListener("input", () => localStorage.setItem(name, area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    area.form.requestSubmit(area.form.querySelector("button[value=correct]"));
  });
}

// The name holds which translation was seen: what was saved has another one, and no draft any more.
const wanted = new Set([...document.querySelectorAll("textarea[data-kept]")].map((area) => PREFIX + area.dataset.kept));
const [first] = wanted;
const text = first?.split(":").slice(0, 4).join(":");
for (const name of Object.keys(localStorage)) {
  if (text && name.startsWith(`${text}:`) && !wanted.has(name)) localStorage.removeItem(name);
}
