// Everything on a page that counts by itself between two messages, from the server's clock.

import { now } from "./clock.js";
import { say } from "./say.js";
import { count, countdown, span, words } from "./words.js";

const instants = new Map();

function instant(iso) {
  if (!instants.has(iso)) {
    if (instants.size > 2000) instants.clear(); // pages stay open for days
    instants.set(iso, Date.parse(iso));
  }
  return instants.get(iso);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Brings every ticker under `root` up to the second. Called each second and after every swap. */
export function tick(root = document) {
  const at = now();
  for (const element of root.querySelectorAll("[data-age-of]")) age(element, at);
  for (const element of root.querySelectorAll("[data-countdown-to]")) left(element, at);
  for (const element of root.querySelectorAll("[data-count-from]")) since(element, at);
  for (const element of root.querySelectorAll("[data-elapsed-from]")) elapsed(element, at);
  for (const element of root.querySelectorAll(".sla[data-sla-to]")) serviceClock(element, at);
}

// data-age-of="<iso>": "4 s ago". data-stale-after="<s>": marks the closest [data-stales] when older.
function age(element, at) {
  const seconds = (at - instant(element.dataset.ageOf)) / 1000;
  if (Number.isNaN(seconds)) return;
  // From ten minutes on nobody reads the seconds.
  const shown = seconds < 600 ? seconds : seconds - (seconds % 60);
  write(element, seconds < 1 ? words.now : words.ago(span(shown)));
  const limit = Number(element.dataset.staleAfter);
  if (limit) element.closest("[data-stales]")?.classList.toggle("is-old", seconds > limit);
}

// data-countdown-to="<iso>": "04:18", past it "+00:12". data-format="words": "2 h 51 min", for the wall.
function left(element, at) {
  const seconds = (instant(element.dataset.countdownTo) - at) / 1000;
  if (Number.isNaN(seconds)) return;
  // Rounded so that "00:01" is the last second and "+00:00" the first one over.
  const whole = seconds > 0 ? Math.ceil(seconds) : Math.floor(-seconds);
  const isLong = element.dataset.format === "words" && whole >= 3600;
  write(element, (seconds > 0 ? "" : "+") + (isLong ? span(whole - (whole % 60)) : countdown(whole)));
}

// data-count-from="<iso>": "T+02:14:37", before it "T−02:14:37".
function since(element, at) {
  const seconds = (at - instant(element.dataset.countFrom)) / 1000;
  if (Number.isNaN(seconds)) return;
  write(element, seconds >= 0 ? `T+${count(seconds)}` : `T−${count(Math.ceil(-seconds))}`);
}

// data-elapsed-from="<iso>": "10:42" since then, "2:51:10" from one hour on.
function elapsed(element, at) {
  const seconds = (at - instant(element.dataset.elapsedFrom)) / 1000;
  if (!Number.isNaN(seconds)) write(element, countdown(Math.max(0, seconds)));
}

// .sla with data-sla-from, data-sla-to: state by what is left, a draining bar, and three sentences spoken once.
function serviceClock(element, at) {
  const [from, to] = [instant(element.dataset.slaFrom), instant(element.dataset.slaTo)];
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return;
  const share = (to - at) / (to - from);
  const state = share <= 0 ? "bad" : share <= 1 / 2 ? "watch" : "ok";
  if (element.dataset.state !== state) element.dataset.state = state;
  const width = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
  for (const bar of element.querySelectorAll("rect[data-drain]")) {
    if (bar.getAttribute("width") !== width) bar.setAttribute("width", width);
  }
  announce(element, to - at, state);
}

// Which marks each clock has passed; kept by its end, so that a swap does not speak again.
const passed = new Map();

function announce(element, msLeft, state) {
  const what = element.dataset.label || element.getAttribute("aria-label") || words.clock;
  const key = `${what} ${element.dataset.slaTo}`;
  const mark = state === "bad" ? 3 : msLeft <= 60000 ? 2 : state === "watch" ? 1 : 0;
  const before = passed.get(key);
  passed.set(key, mark);
  // What was so when the page opened is on the page already; only a change is news.
  if (before === undefined || mark <= before) return;
  if (mark === 1) say(words.half(what, span(msLeft / 1000)));
  if (mark === 2) say(words.minute(what));
  if (mark === 3) say(words.breach(what));
}
