// Writing: a toolbar, a preview while one types, names to choose after an @, drafts that outlive the page.
// All of it is help: the form works without it. This file holds no words of any language.
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const TYPED = 400;

export function setUpComposer(form) {
  const text = form.querySelector("textarea[name=text]");
  if (!text || form.dataset.ready) return;
  form.dataset.ready = "yes";
  setUpToolbar(form, text);
  setUpPreview(form, text);
  setUpMentions(form, text);
  setUpDraft(form, text);
}

// Marks go around what is selected, or before each of its lines.
const AROUND = { strong: ["**", "**"], emphasis: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"] };
const BEFORE = { quote: "> ", list: "- " };

function setUpToolbar(form, text) {
  const bar = form.querySelector(".toolbar");
  if (!bar) return;
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, place) => {
    button.tabIndex = place === 0 ? 0 : -1;
    button.addEventListener("click", () => mark(text, button.dataset.mark));
  });
  bar.addEventListener("keydown", (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    const way = getComputedStyle(bar).direction === "rtl" ? -turn : turn;
    const at = (buttons.indexOf(document.activeElement) + way + buttons.length) % buttons.length;
    buttons.forEach((button, place) => { button.tabIndex = place === at ? 0 : -1; });
    buttons[at].focus();
  });
  text.addEventListener("keydown", (event) => {
    const kind = (event.ctrlKey || event.metaKey) && !event.altKey ? { b: "strong", i: "emphasis" }[event.key] : null;
    if (!kind) return;
    event.preventDefault();
    mark(text, kind);
  });
}

function mark(text, kind) {
  const [start, end] = [text.selectionStart, text.selectionEnd];
  const chosen = text.value.slice(start, end);
  text.focus();
  if (AROUND[kind]) {
    const [open, close] = AROUND[kind];
    insert(text, start, end, open + chosen + close);
    text.setSelectionRange(start + open.length, start + open.length + chosen.length);
    return;
  }
  const line = text.value.lastIndexOf("\n", start - 1) + 1;
  const lines = text.value.slice(line, end).split("\n").map((one) => BEFORE[kind] + one).join("\n");
  insert(text, line, end, lines);
}

// As if it had been typed, so that it can be undone.
function insert(text, start, end, words) {
  text.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function setUpPreview(form, text) {
  const place = form.querySelector("[data-live-preview]");
  if (!place) return;
  let waiting = null;
  let asking = null;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asking?.abort();
      asking = new AbortController();
      if (!/[*_`[>\n-]/.test(text.value)) {
        place.replaceChildren();
        return;
      }
      const sent = new FormData();
      for (const name of ["text", "language", "csrfmiddlewaretoken"]) {
        sent.set(name, form.querySelector(`[name=${name}]`)?.value ?? "");
      }
      try {
        const answer = await fetch(place.dataset.livePreview, { method: "POST", body: sent, signal: asking.signal });
        if (answer.ok) place.innerHTML = await answer.text();
      } catch {
        // No network, or typed on: the preview waits.
      }
    }, TYPED);
  });
}

function setUpMentions(form, text) {
  const list = form.querySelector("[data-mentions]");
  if (!list) return;
  let asking = null;
  let taking = false;
  let nobody = null; // whose names begin so: nor with more letters
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    text.removeAttribute("aria-activedescendant");
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (place) => {
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const chosen = options()[place];
    if (chosen) text.setAttribute("aria-activedescendant", chosen.id);
  };
  const begun = () => /(?:^|[^\p{L}\p{N}_@/])@([\p{L}\p{N}_][^\n@]{0,39})?$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  const take = (option) => {
    const typed = begun() ?? "";
    taking = true;
    insert(text, text.selectionStart - typed.length, text.selectionStart, `${option.dataset.nickname} `);
    taking = false;
    close();
  };
  text.addEventListener("input", async () => {
    const typed = begun();
    asking?.abort();
    if (!typed || taking || (nobody !== null && typed.startsWith(nobody))) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${list.dataset.mentions}?begin=${encodeURIComponent(typed)}`, { signal: asking.signal });
      list.innerHTML = answer.ok ? await answer.text() : "";
    } catch {
      return;
    }
    list.hidden = options().length === 0;
    nobody = list.hidden ? typed : null;
    if (list.hidden) close();
    else choose(0);
  });
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const at = options().findIndex((option) => option.getAttribute("aria-selected") === "true");
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (turn) choose((at + turn + options().length) % options().length);
    else if (event.key === "Enter" || event.key === "Tab") take(options()[Math.max(0, at)]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  text.addEventListener("blur", close);
}

// A draft is kept with the key that its form had: sent a second time, from another tab or after
// a lost answer, it is still the same comment.
function setUpDraft(form, text) {
  if (!form.hasAttribute("action")) return; // an edit: what stands there is kept already
  const fields = ["text", "language", "reply_to", "quote", "key"];
  const field = (one) => form.querySelector(`[name=${one}]:not([type=radio])`);
  // An answer's draft is another one than that of a comment of one's own.
  const what = [form.getAttribute("action"), field("reply_to")?.value ?? "", field("quote")?.value ?? ""].join(" ");
  const name = `draft:${document.body.dataset.reader ?? ""}:${what}`;
  const note = form.querySelector("[data-restored]");
  const kept = read(name);
  if (kept && text.value === "") {
    for (const one of fields) if (field(one) && kept[one]) field(one).value = kept[one];
    if (note) note.hidden = false;
  }
  note?.querySelector("button")?.addEventListener("click", () => {
    localStorage.removeItem(name);
    text.value = "";
    note.hidden = true;
    text.focus();
  });
  const keep = () => {
    try {
      if (text.value.trim() === "") localStorage.removeItem(name);
      else {
        const values = Object.fromEntries(fields.map((one) => [one, field(one)?.value ?? ""]));
        localStorage.setItem(name, JSON.stringify({ ...values, at: Date.now() }));
      }
    } catch {
      // No room, or switched off: the form itself still has the text.
    }
  };
  text.addEventListener("input", keep);
  form.addEventListener("change", keep);
  const offline = form.querySelector("[data-offline]");
  form.addEventListener("htmx:sendError", () => { if (offline) offline.hidden = false; });
  form.addEventListener("htmx:beforeRequest", () => { if (offline) offline.hidden = true; });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status === 204) localStorage.removeItem(name);
  });
}

function read(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    return kept && Date.now() - kept.at < KEPT_FOR ? kept : null;
  } catch {
    return null;
  }
}
