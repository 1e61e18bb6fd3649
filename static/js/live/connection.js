// Is what the page shows true now? Said on the page; and the stream is brought back when it is silent.
// Heartbeats come every 5 s and say when the server last saw its database (every 2 s): 12 s after that the page is stale,
// whichever of browser, stream, server and database stands still. 25 s without a heartbeat: the connection is cut, so
// that htmx makes a new one.

import { hear, lastTrue } from "./clock.js";
import { say } from "./say.js";
import { span, words } from "./words.js";

const STALE_MS = 12000;
const CUT_MS = 25000;
const LOST_MS = 45000;
const RETURN_GRACE_MS = 2000; // a tab that becomes visible reconnects first and is judged then
const RELOAD_PAUSE_MS = 60000;
const SIGNED_OUT = new Set([401, 403, 404]);

let state = "wait";
let beatAt = performance.now(); // the last message
let trueAt = beatAt; // until when everything on the page was true
let cutAt = 0;
let judgeFrom = 0;
let connection = null;

/** Listens to the page's stream; does nothing on a page without one. */
export function start() {
  const stream = document.getElementById("live-stream");
  if (!stream) return;
  for (const name of ["hello", "hb"]) stream.addEventListener(name, (event) => beat(event.detail, name === "hello"));
  stream.addEventListener("htmx:sse:after:connection", (event) => { connection = event.detail.connection; });
  stream.addEventListener("htmx:sse:error", (event) => refused(event.detail.status));
  stream.addEventListener("htmx:response:error", (event) => refused(event.detail.ctx?.response?.status));
  document.addEventListener("visibilitychange", () => { judgeFrom = performance.now() + RETURN_GRACE_MS; });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-live-retry]")) retry(stream); });
  show();
}

/** Judges the connection; called each second. */
export function judge() {
  if (!document.getElementById("live-stream") || document.hidden) return;
  const at = performance.now();
  if (at - beatAt > CUT_MS && at - cutAt > CUT_MS) {
    cutAt = at;
    connection?.reader?.cancel();
  }
  if (at >= judgeFrom) change(at - trueAt);
  age(at - trueAt);
}

function beat(message, isNewConnection) {
  trueAt = beatAt = performance.now();
  try {
    const said = JSON.parse(message.data);
    trueAt = hear(said.now, 1000 * (said.seen_s || 0), isNewConnection);
  } catch { /* a heartbeat without a time still is a heartbeat */ }
  change(beatAt - trueAt);
  age(beatAt - trueAt);
}

function change(silence) {
  const isFirst = lastTrue() === null;
  const quiet = silence > LOST_MS || navigator.onLine === false ? "lost" : "stale";
  const next = silence > STALE_MS ? quiet : isFirst ? "wait" : "live";
  if (next === state) return;
  const wasQuiet = state === "stale" || state === "lost";
  if (next === "stale" || next === "lost") say(words[next]);
  else if (wasQuiet && next === "live") say(words.live);
  state = next;
  show();
}

function show() {
  for (const element of document.querySelectorAll("[data-live-state]")) element.dataset.liveState = state;
  const isQuiet = state === "stale" || state === "lost";
  document.body.classList.toggle("live-stale", isQuiet);
  const banner = document.getElementById("live-banner");
  if (banner) banner.hidden = !isQuiet;
  const at = lastTrue();
  for (const element of document.querySelectorAll("[data-live-last]")) {
    element.textContent = at === null ? "—" : timeOfDay(at, element.dataset.zone, element.dataset.zoneName);
  }
}

// "20:19:35 KST" where the page names the zone, else as the browser calls it: "20:19:35 GMT+9"; alike in every language
function timeOfDay(at, timeZone = "UTC", zoneName = "") {
  const format = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone };
  if (!zoneName) format.timeZoneName = "short";
  return `${new Intl.DateTimeFormat("en-GB", format).format(at)} ${zoneName}`.trim();
}

function age(silence) {
  const text = state === "live" || state === "stale" ? `, ${span(silence / 1000)}` : "";
  for (const element of document.querySelectorAll("[data-live-age]")) {
    if (element.textContent !== text) element.textContent = text;
  }
}

function retry(stream) {
  if (connection?.reader) connection.reader.cancel();
  else if (connection?.delayCanceller) connection.delayCanceller();
  else window.htmx?.trigger(stream, "every", {});
}

// Signed out, or no longer allowed: the page itself says so best. Not in a loop.
function refused(status) {
  if (!SIGNED_OUT.has(status)) return;
  const last = Number(sessionStorage.getItem("live-reloaded-at"));
  if (Date.now() - last < RELOAD_PAUSE_MS) return;
  sessionStorage.setItem("live-reloaded-at", String(Date.now()));
  location.reload();
}
