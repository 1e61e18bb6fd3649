// Shows what the portal's push messages say, and opens the page they name. Registered by contacts.js.
self.addEventListener("push", (event) => {
  const note = event.data?.json() ?? {};
  const options = { body: note.body, tag: note.tag, data: { url: note.url }, requireInteraction: true };
  event.waitUntil(self.registration.showNotification(note.title || "IEM Portal", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  // Only ever a page of this portal, whatever a message says.
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
