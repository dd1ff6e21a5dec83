// What moves on a page: events that arrive, quoting by selection, and new comments on click.
// Every text comes from the server as a fragment; this file holds no words of any language.
import { setUpComposer } from "./compose.js";
import { listen } from "./live.js";

const edition = document.documentElement.lang;
const conversation = document.getElementById("conversation");

// What is on the screen and not translated yet is translated first.
const seen = new Set();
let asking = null;
const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.add(target.dataset.pending);
    observer.unobserve(target);
  }
  if (seen.size > 0 && !asking) asking = setTimeout(askForSeen, 200);
});

function askForSeen() {
  asking = null;
  const units = [...seen].slice(0, 100);
  const missing = [...document.querySelectorAll("[data-pending]")].map((one) => one.dataset.pending);
  const rest = missing.filter((one) => !seen.has(one)).slice(0, 100);
  seen.clear();
  navigator.sendBeacon(`/${edition}/wanted`, new URLSearchParams({ units, rest }));
}

function watchForMissing(place) {
  for (const missing of place.querySelectorAll("[data-pending]")) observer.observe(missing);
}

const reader = document.body.dataset.reader;
const own = reader ? [`reader:${reader}`] : [];

// Counts of comments, here and beside headlines: their words are in the page, one form for each sort of number.
const counted = [...document.querySelectorAll("[data-count-of]")].map((one) => one.dataset.countOf);

function say(place, count) {
  const language = place.closest("[lang]")?.lang ?? edition;
  const forms = JSON.parse(place.dataset.forms);
  const words = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return words.replace("#", count);
}

function showCount({ topic, number }) {
  for (const place of document.querySelectorAll(`[data-count-of="${CSS.escape(topic)}"]`)) {
    place.textContent = say(place, number);
  }
}

let hear = null;
if (conversation) {
  const topics = conversation.dataset.topics.split(",").filter(Boolean);
  hear = listen([...topics, ...own], edition, {
    comment: (event) => {
      showCount(event);
      announceNew(event);
    },
    // The first comment of all: now there is a thread to listen to.
    opened: ({ thread, number }, event) => {
      hear.add(thread, event);
      announceNew({ number });
    },
    missed: () => lookAgain(),
    notified: () => fetchBell(),
    translation: (told, event) => refresh(told.of, told.id, told.version, event),
    changed: (told, event) => refresh(told.of, told.id, told.version ?? "0", event, told.instead),
    vote: (event) => showVotes(event),
    presence: (event) => showPresence(event),
  });
  setUpQuoting();
  setUpReading();
  watchForMissing(document);
} else {
  listen([...own, ...counted], edition, {
    comment: (event) => showCount(event),
    presence: (event) => showPresence(event),
    notified: () => fetchBell(),
    missed: () => fetchBell(),
  });
}

document.querySelectorAll("form.composer").forEach(setUpComposer);
document.body.addEventListener("htmx:load", ({ detail: { elt } }) => elt.matches?.("form.composer") && setUpComposer(elt));

// A new comment: the page shows a count and never moves by itself. Its words are in the page already,
// one form for each sort of number: ten thousand pages ask nobody.
const fresh = new Set();
let counting = null;
function announceNew({ number }) {
  const comments = document.getElementById("comments");
  if (comments.dataset.ends !== "yes" || number <= Number(comments.dataset.last)) return;
  fresh.add(number);
  clearTimeout(counting);
  counting = setTimeout(showNew, 250);
}

function showNew() {
  const place = document.getElementById("new-comments");
  const last = Number(document.getElementById("comments").dataset.last);
  const count = [...fresh].filter((number) => number > last).length;
  if (count === 0) return place.replaceChildren();
  const link = document.getElementById("new-link").content.firstElementChild.cloneNode(true);
  link.textContent = say(place, count);
  link.href = link.href.replace(/\/0$/, `/${last + 1}`);
  link.dataset.hxGet = `${link.dataset.hxGet}?after=${last}`;
  place.replaceChildren(link);
  window.htmx?.process(place);
}

// Back after so long that nobody knows any more what was missed.
async function lookAgain() {
  fetchBell();
  for (const one of document.querySelectorAll("#comments .comment[data-comment]")) refresh("comment", one.dataset.comment, "0", 0);
  const comments = document.getElementById("comments");
  if (comments.dataset.ends !== "yes") return;
  const html = await fetchFragment(`/${edition}/fragment/new/${conversation.dataset.number}?after=${comments.dataset.last}`);
  if (html === null) return;
  const place = document.getElementById("new-comments");
  place.innerHTML = html;
  window.htmx?.process(place);
}

async function fetchBell() {
  const bell = document.getElementById("bell");
  const html = bell && (await fetchFragment(`/${edition}/notifications/bell`));
  if (!html) return;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  bell.replaceWith(holder.content.firstElementChild);
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "comments") return;
  const numbered = event.target.querySelectorAll(".comment[id^=c]");
  const last = numbered[numbered.length - 1];
  event.target.querySelector(".empty")?.remove();
  if (last) event.target.dataset.last = last.id.slice(1);
  // Whoever asked for them reads on at the first of them.
  const end = Number(event.target.dataset.last);
  const first = [...numbered].find((one) => fresh.has(Number(one.id.slice(1))));
  for (const number of fresh) if (number <= end) fresh.delete(number);
  if (first) {
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  }
  showNew(); // more than one window of them: the rest is counted on
  watchForMissing(event.target);
});

// A form that could not be taken is shown again with the reason, whatever its status.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 400 && status < 500 && event.detail.xhr.responseText.includes('id="composer"')) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// What is on screen and changed is fetched again. Many readers see it at once: the fetches are spread.
const waiting = new Map();
// Whichever process is asked must have heard of the event that the page has heard of.
// A comment that was moved away has another one in its place, that leads on.
function refresh(kind, id, version, event, instead = id) {
  const places = () => kind === "comment"
    ? [...document.querySelectorAll(`[data-comment="${CSS.escape(String(id))}"]`)]
    : [document.getElementById("article")].filter((one) => one && kind === "article");
  const [shown] = places();
  if (!shown) return;
  const key = `${kind} ${id}`;
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(async () => {
    const number = kind === "article" ? shown.dataset.article : instead;
    const html = await fetchFragment(`/${edition}/fragment/${kind}/${number}@${encodeURIComponent(version)}?event=${event}`);
    if (html === null) return;
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const made = holder.content.firstElementChild;
    if (!made) return;
    for (const place of places()) {
      const copy = made.cloneNode(true);
      const focused = place.contains(document.activeElement) ? pathTo(document.activeElement, place) : null;
      // A comment that is pinned above the thread stands there without its address.
      if (!place.id) copy.removeAttribute("id");
      // Whoever has opened something there, or is about to, finds it as it was.
      const open = [...place.querySelectorAll("details")].map((one) => one.open);
      copy.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? false; });
      place.replaceWith(copy);
      window.htmx?.process(copy);
      if (focused) (copy.querySelectorAll("a, button, summary")[focused.at] ?? copy).focus({ preventScroll: true });
    }
    watchForMissing(document);
  }, 100 + Math.random() * 400));
}

// Which of its links and buttons has the focus.
function pathTo(element, place) {
  return { at: [...place.querySelectorAll("a, button, summary")].indexOf(element) };
}

async function fetchFragment(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

// The comment that another one answers, opened where the answer stands.
document.documentElement.classList.add("scripted");

// How often originals are looked at tells a newsroom where translations are doubted: once a page, without a name.
let hasOpened = false;
document.addEventListener("toggle", (event) => {
  if (hasOpened || !event.target.open || !event.target.matches("details.original")) return;
  hasOpened = true;
  navigator.sendBeacon(`/${edition}/opened`);
}, true);

// All originals at once, and all translations again: what the link leads to, without leaving the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-originals]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const open = link.classList.toggle("are-shown");
  for (const one of document.querySelectorAll("details.original")) one.open = open;
  document.querySelector(open ? '#article .translation-line a[href="?view=original"]' : "#article .translation-line a[data-hx-get]")?.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-parent]");
  if (!button) return;
  const place = button.closest(".comment").querySelector(".parent");
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  place.innerHTML = isOpen ? "" : (await fetchFragment(`/${edition}/fragment/comment/${button.dataset.parent}@inline`)) ?? "";
  window.htmx?.process(place);
});

function showPresence({ reader, online }) {
  const word = document.getElementById(online ? "word-online" : "word-offline").content.textContent;
  for (const sign of document.querySelectorAll(`.presence[data-reader="${CSS.escape(String(reader))}"]`)) {
    sign.dataset.online = online ? "yes" : "no";
    sign.querySelector(".word").textContent = word;
  }
}

function showVotes({ id, up, down }) {
  const counts = { up, down };
  for (const shown of document.querySelectorAll(`[data-comment="${CSS.escape(String(id))}"] [data-votes]`)) {
    shown.textContent = counts[shown.dataset.votes];
  }
}

// How far a signed-in reader has read, and the way to the next comment that is new.
function setUpReading() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token || !document.querySelector(".account form")) return;
  let furthest = 0;
  let told = 0;
  const readings = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) furthest = Math.max(furthest, Number(target.id.slice(1)));
    }
  });
  const watch = () => document.querySelectorAll("#comments .comment[id]").forEach((one) => readings.observe(one));
  const tell = () => {
    if (furthest <= told) return;
    told = furthest;
    navigator.sendBeacon(
      `/${edition}/conversations/${conversation.dataset.number}/seen`,
      new URLSearchParams({ up_to: furthest, csrfmiddlewaretoken: token }),
    );
  };
  watch();
  document.body.addEventListener("htmx:afterSwap", watch);
  setInterval(tell, 5000);
  document.addEventListener("visibilitychange", () => document.hidden && tell());
  const next = document.querySelector("[data-next-unread]");
  if (!next) return;
  next.hidden = false;
  let at = -1;
  const go = () => {
    const fresh = [...document.querySelectorAll("#comments .is-unread")];
    if (fresh.length === 0) return;
    at = (at + 1) % fresh.length;
    fresh[at].tabIndex = -1;
    fresh[at].focus({ preventScroll: true });
    fresh[at].scrollIntoView({ block: "center" });
  };
  next.addEventListener("click", go);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "n" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) go();
  });
}

// Quoting by selection, in the article and in comments: within one sentence the selected part, over several the
// first whole one.
function setUpQuoting() {
  const label = document.querySelector(".quote-link") ?? document.getElementById("quote-label")?.content.firstElementChild;
  if (!label || !conversation.dataset.write) return;
  const link = document.createElement("a");
  link.className = "selection-quote";
  link.textContent = label.textContent;
  link.rel = "nofollow";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const address = selection.isCollapsed || selection.rangeCount === 0 ? null : passage(selection.getRangeAt(0));
    if (!address) return link.remove();
    const box = selection.getRangeAt(0).getBoundingClientRect();
    link.href = `${conversation.dataset.write}?${address}`;
    link.style.insetBlockStart = `${box.bottom + window.scrollY + 6}px`;
    link.style.left = `${Math.max(8, box.left + window.scrollX)}px`;
    document.body.append(link);
  });
}

function passage(range) {
  const at = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".sentence");
  const sentence = at(range.startContainer);
  const owner = sentence?.closest("#article, .comment[data-unit]");
  const block = sentence?.closest("[data-block]");
  // What is quoted in a comment is quoted from where it stands.
  if (!block || !owner?.dataset.unit || sentence.closest(".quote, .original")) return null;
  const length = [...sentence.textContent].length;
  let [start, end] = [0, length];
  // Offsets count the writer's own words: in another language the whole sentence is quoted.
  const isOriginal = owner.id === "article" ? !owner.querySelector(".origin") : owner.classList.contains("is-original");
  if (isOriginal && at(range.endContainer) === sentence) {
    const before = document.createRange();
    before.setStart(sentence, 0);
    before.setEnd(range.startContainer, range.startOffset);
    start = [...before.toString()].length;
    end = start + [...range.toString()].length;
  }
  if (!isOriginal) end = 100000;
  if (end <= start) return null;
  const revision = owner.dataset.version.split(".")[0];
  const token = [owner.dataset.unit, block.dataset.block, sentence.dataset.occurrence, revision, start, end].join(":");
  const answers = owner.id.startsWith("c") && owner.id !== "conversation" ? `&reply_to=${owner.id.slice(1)}` : "";
  return `quote=${encodeURIComponent(token)}${answers}`;
}
