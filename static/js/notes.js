// Shows what a person is told on the screen while a page is open, for browsers without a push service (contacts.js offers it).
const EVERY_MS = 20_000;
const KEY = "iem-notes";
const isOn = () => localStorage.getItem(KEY) === "on" && "Notification" in window && Notification.permission === "granted";

async function ask(after) {
  const answer = await fetch(`/profile/notes/${after === null ? "" : `?after=${after}`}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return after;
  const { last, notes } = await answer.json();
  for (const note of notes) show(note);
  return last;
}

function show({ title, body, tag, url }) {
  const note = new Notification(title, { body, tag, requireInteraction: true });
  note.addEventListener("click", () => {
    const to = new URL(url || "/", location.origin);
    if (to.origin === location.origin) open(to.href);
    note.close();
  });
}

// One page of the browser asks for all of them; when it closes, the next one takes over.
if (isOn() && navigator.locks) {
  navigator.locks.request(KEY, async () => {
    let after = null;
    while (isOn()) {
      after = await ask(after).catch(() => after);
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  });
}
