// Shows what the server pushes; everything in it comes from the server, in the reader's language.
self.addEventListener("push", (event) => {
  const said = event.data?.json();
  if (!said) return;
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body,
      lang: said.lang,
      dir: said.dir,
      tag: said.tag,
      data: { path: said.path },
      icon: new URL("./icon.svg", self.location.href).href,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.path));
});
