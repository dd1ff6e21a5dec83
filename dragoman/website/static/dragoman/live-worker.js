// The one event connection of a browser. Tabs register topics; the connection is renewed when they change
// and resumes after the last event that was heard, or that a new tab's page knew of when it was made: it may
// have been made a while ago. Tabs that nobody looks at let go of it after a while.
const KINDS = ["comment", "opened", "translation", "changed", "vote", "presence", "notified", "missed"];
const SILENT_FOR = 60000;
const IDLE_FOR = 300000;
const tabs = new Map();
let source = null;
let listened = "";
let last = Infinity;

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    const before = tabs.get(port);
    const looked = data.hidden && before ? before.looked : Date.now();
    if (data.gone) tabs.delete(port);
    else tabs.set(port, { ...data, at: Math.min(before ? before.at : data.at, data.since), looked, seen: Date.now() });
    renew();
  };
  port.start();
};

setInterval(() => {
  for (const [port, tab] of tabs) if (Date.now() - tab.seen > SILENT_FOR) tabs.delete(port);
  renew();
}, 15000);

function renew() {
  const looked = [...tabs.values()].filter((tab) => !tab.hidden || Date.now() - tab.looked < IDLE_FOR);
  if (looked.length === 0) {
    source?.close();
    source = null;
    listened = "";
    return;
  }
  const topics = [...new Set(looked.flatMap((tab) => tab.topics))].sort().join(",");
  // Who is signed in decides what may be heard.
  const wanted = `${looked.map((tab) => tab.reader).sort().at(-1)} ${topics}`;
  // What other tabs have heard already they hear again: it changes nothing there.
  const since = Math.min(last, ...looked.map((tab) => tab.at));
  const goesOn = source && source.readyState !== EventSource.CLOSED && wanted === listened && since === last;
  for (const tab of looked) tab.at = Infinity;
  if (goesOn) return;
  source?.close();
  listened = wanted;
  last = since;
  // No language: tabs of several editions may share this connection, each takes what it shows.
  const resume = Number.isFinite(since) ? `&last=${since}` : "";
  source = new EventSource(`/events?topics=${encodeURIComponent(topics)}&language=*${resume}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      last = Number(event.lastEventId);
      const data = JSON.parse(event.data);
      for (const port of tabs.keys()) port.postMessage({ kind, data, event: last });
    });
  }
}
