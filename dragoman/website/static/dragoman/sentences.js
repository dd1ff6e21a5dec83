// Mending translations: what was typed outlives the page, and a sentence is saved from the keyboard.

const PREFIX = `sentence:${document.body.dataset.reader ?? ""}:`;

for (const area of document.querySelectorAll("textarea[data-kept]")) {
  const name = PREFIX + area.dataset.kept;
  bringBack(area, name);
  area.addEventListener("input", () => keep(area, name));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    area.form.requestSubmit(area.form.querySelector("button[value=correct]"));
  });
}

// A draft says beside which translation it was typed: where that is another one by now, it is shown and not put in.
function bringBack(area, name) {
  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (kept === null) return;
  if ("refused" in area.dataset) return keep(area, name);
  if (kept.text === area.value) return localStorage.removeItem(name);
  if (kept.beside === area.dataset.beside) area.value = kept.text;
  else offer(area, kept.text);
}

function offer(area, text) {
  const line = document.createElement("p");
  line.className = "state";
  const words = document.createElement("span");
  words.lang = area.lang;
  words.dir = area.dir;
  words.textContent = text;
  line.append(`${area.dataset.typed} `, words);
  area.after(line);
}

function keep(area, name) {
  localStorage.setItem(name, JSON.stringify({ beside: area.dataset.beside, text: area.value }));
}
