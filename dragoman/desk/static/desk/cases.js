// Keys and live counts of the moderators' desk. Without this script every button works with mouse and Tab.
const cards = [...document.querySelectorAll(".desk-case")];
let at = Math.max(0, cards.findIndex((card) => `#${card.id}` === location.hash));

function go(to) {
  if (!cards.length) return;
  at = Math.min(Math.max(to, 0), cards.length - 1);
  cards[at].focus();
  cards[at].scrollIntoView({ block: "nearest" });
}

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable]") || (target.matches("input") && !["radio", "checkbox"].includes(target.type));
}

function chooseReason(card, digit) {
  const details = card.querySelector(".acts details[open]");
  const reason = details?.querySelectorAll('input[name="reason"]')[digit - 1];
  if (!reason) return;
  reason.checked = true;
  details.querySelector("button").focus();
}

document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".desk-case");
  if (card) at = cards.indexOf(card);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const card = cards[at];
  if (event.key === "j") go(document.activeElement === card ? at + 1 : at);
  else if (event.key === "k") go(at - 1);
  else if (event.key === "u") document.querySelector('.desk-undo [data-key="u"]')?.click();
  else if (!card) return;
  else if (event.key === "x") card.querySelector('input[name="comments"][type="checkbox"]')?.click();
  else if (event.key === "o") card.querySelector("[data-open]")?.click();
  else if (/^[1-9]$/.test(event.key)) chooseReason(card, Number(event.key));
  else {
    const act = card.querySelector(`.acts [data-key="${CSS.escape(event.key)}"]`);
    if (!act) return;
    event.preventDefault();
    if (act.matches("details")) {
      act.open = true;
      act.querySelector('input:not([type="hidden"]), textarea').focus();
    } else act.click();
  }
});

// A bulk act with nothing chosen would only come back with nothing done.
const bulk = document.getElementById("bulk");
bulk?.addEventListener("submit", (event) => {
  if (!document.querySelector('input[form="bulk"]:checked')) event.preventDefault();
});

const news = document.querySelector("[data-news]");
async function count() {
  if (document.hidden) return;
  let counts;
  try {
    const answer = await fetch(news.dataset.counts, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    counts = await answer.json();
  } catch {
    return;
  }
  for (const place of document.querySelectorAll("[data-queue]")) {
    const number = counts[place.dataset.queue] ?? 0;
    if (place.dataset.queue === news.dataset.tab && number > Number(place.textContent)) news.hidden = false;
    place.textContent = number;
  }
}
if (news) setInterval(count, 5000);
if (location.hash.startsWith("#comment-")) go(at);
