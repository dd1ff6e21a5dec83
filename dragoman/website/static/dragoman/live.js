// One event connection per browser: a shared worker holds it, every tab says which topics it shows.
// Browsers without shared workers hold one per tab.
const KINDS = ["comment", "opened", "translation", "changed", "vote", "presence", "notified", "missed"];

export function listen(topics, language, handlers) {
  // The last event that the page knows of: first the one that it was made with.
  let known = Number(document.body.dataset.at || Infinity);
  const hear = ({ kind, data, event }) => {
    known = Math.max(known, event);
    const mine = kind === "missed" || data.topic === "everyone" || topics.includes(data.topic);
    const spoken = data.language === undefined || data.language === language;
    if (mine && spoken) handlers[kind]?.(data, event);
  };
  if (typeof SharedWorker === "function") {
    const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name: "dragoman" });
    const reader = document.body.dataset.reader ?? "";
    const say = (message) => worker.port.postMessage(message);
    const here = (since = Infinity) => say({ topics, reader, at: known, since, hidden: document.hidden });
    worker.port.onmessage = ({ data }) => hear(data);
    worker.port.start();
    here();
    addEventListener("pagehide", () => say({ gone: true }));
    addEventListener("pageshow", (event) => event.persisted && here());
    document.addEventListener("visibilitychange", () => here());
    // A tab that crashed says nothing: the worker forgets tabs that fall silent.
    setInterval(() => here(), 20000);
    // A topic may have had events before the page knew of it.
    return { add: (topic, since) => { topics.push(topic); here(since); } };
  }
  let source = null;
  let last = known;
  const open = () => {
    source?.close();
    const resume = Number.isFinite(last) ? `&last=${last}` : "";
    source = new EventSource(`/events?topics=${encodeURIComponent(topics.join(","))}&language=${language}${resume}`);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        last = Number(event.lastEventId);
        hear({ kind, data: JSON.parse(event.data), event: last });
      });
    }
  };
  open();
  return { add: (topic, since) => { topics.push(topic); last = Math.min(last, since); open(); } };
}
