// The one event connection of a browser. Tabs register topics; the connection is renewed when they change
// and resumes after the last event that was heard.
const KINDS = ["comment", "translation", "changed", "vote", "presence"];
const SILENT_FOR = 60000;
const tabs = new Map();
let source = null;
let listened = "";
let last = "";

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.gone) tabs.delete(port);
    else tabs.set(port, { topics: data.topics, seen: Date.now() });
    renew();
  };
  port.start();
};

setInterval(() => {
  for (const [port, tab] of tabs) if (Date.now() - tab.seen > SILENT_FOR) tabs.delete(port);
  renew();
}, 15000);

function renew() {
  if (tabs.size === 0) {
    source?.close();
    source = null;
    listened = "";
    return;
  }
  const topics = [...new Set([...tabs.values()].flatMap((tab) => tab.topics))].sort().join(",");
  if (source && source.readyState !== EventSource.CLOSED && topics === listened) return;
  source?.close();
  listened = topics;
  // No language: tabs of several editions may share this connection, each takes what it shows.
  source = new EventSource(`/events?topics=${encodeURIComponent(topics)}&language=*${last ? `&last=${last}` : ""}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      last = event.lastEventId;
      const data = JSON.parse(event.data);
      for (const port of tabs.keys()) port.postMessage({ kind, data });
    });
  }
}
