// One event connection per browser: a shared worker holds it, every tab says which topics it shows.
// Browsers without shared workers hold one per tab.
const KINDS = ["comment", "opened", "translation", "changed", "vote", "presence", "notified", "missed"];

export function listen(topics, language, handlers) {
  const hear = ({ kind, data }) => {
    const mine = kind === "missed" || data.topic === "everyone" || topics.includes(data.topic);
    const spoken = data.language === undefined || data.language === language;
    if (mine && spoken) handlers[kind]?.(data);
  };
  if (typeof SharedWorker === "function") {
    const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name: "dragoman" });
    const reader = document.body.dataset.reader ?? "";
    const say = (message) => worker.port.postMessage(message);
    const here = () => say({ topics, reader, hidden: document.hidden });
    worker.port.onmessage = ({ data }) => hear(data);
    worker.port.start();
    here();
    addEventListener("pagehide", () => say({ gone: true }));
    addEventListener("pageshow", (event) => event.persisted && here());
    document.addEventListener("visibilitychange", here);
    // A tab that crashed says nothing: the worker forgets tabs that fall silent.
    setInterval(here, 20000);
    return { add: (topic) => { topics.push(topic); here(); } };
  }
  let source = null;
  const open = () => {
    source?.close();
    source = new EventSource(`/events?topics=${encodeURIComponent(topics.join(","))}&language=${language}`);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => hear({ kind, data: JSON.parse(event.data) }));
    }
  };
  open();
  return { add: (topic) => { topics.push(topic); open(); } };
}
