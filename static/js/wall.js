// A wall reloads by itself when the portal speaks a newer version than the page, and only once the new page answers.
(() => {
  "use strict";
  const PAUSE_MS = 60000; // two processes of different versions must not make the screen reload without end
  let isAsking = false;

  async function look() {
    const spoken = document.getElementById("wall")?.dataset.release;
    const last = Number(sessionStorage.getItem("wall-reloaded-at"));
    if (!spoken || spoken === document.body.dataset.release || isAsking || Date.now() - last < PAUSE_MS) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      // An ended link is shown as such; an error page of a server that is starting never is.
      if (answer.status < 500) {
        sessionStorage.setItem("wall-reloaded-at", String(Date.now()));
        location.reload();
      }
    } catch { /* the server is away: the next push asks again */ }
    isAsking = false;
  }

  document.addEventListener("htmx:after:swap", look);
})();
