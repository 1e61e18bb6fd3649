// What time it is on the server, counted on by this browser between two messages.

const SAMPLES = 5;
const samples = [];
let startsAt = null; // server time, in ms, at this page's performance.now() === 0
let lastTrueAt = null; // server time until when the page was true, in ms

/** Takes in one server time (ISO), and how long before it (ms) the server saw its data; the least delayed of the last
 * few of one connection counts. Returns until when, on this page's performance.now(), the page was true: a message that
 * lay somewhere (a sleeping laptop, a proxy) is as old as it is, and not as new as its arrival.
 */
export function hear(iso, unseen, isNewConnection) {
  const [at, arrived] = [Date.parse(iso), performance.now()];
  if (Number.isNaN(at)) return arrived - unseen;
  if (isNewConnection) samples.length = 0; // perhaps another server, whose clock is another
  samples.push(at - arrived);
  if (samples.length > SAMPLES) samples.shift();
  startsAt = Math.max(...samples);
  lastTrueAt = at - unseen;
  return Math.min(arrived, at - startsAt) - unseen;
}

/** The server's time now, in ms since 1970; this machine's own clock until the server has spoken. */
export function now() {
  if (startsAt !== null) return startsAt + performance.now();
  return pageTime() ?? Date.now();
}

/** The server time until when everything on the page was true, in ms; null before the server has spoken. */
export function lastTrue() {
  return lastTrueAt;
}

let printedAt; // undefined: not looked for yet

function pageTime() {
  if (printedAt === undefined) {
    const printed = Date.parse(document.querySelector("[data-server-now]")?.dataset.serverNow ?? "");
    const arrived = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
    printedAt = Number.isNaN(printed) ? null : printed - arrived;
  }
  return printedAt === null ? null : printedAt + performance.now();
}
