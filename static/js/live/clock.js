// What time it is on the server, counted on by this browser between two messages.

const SAMPLES = 5;
const samples = [];
let startsAt = null; // server time, in ms, at this page's performance.now() === 0
let lastHeardAt = null; // server time of the last message, in ms

/** Takes in one server time (ISO); the least delayed of the last few counts. */
export function hear(iso) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return;
  samples.push(at - performance.now());
  if (samples.length > SAMPLES) samples.shift();
  startsAt = Math.max(...samples);
  lastHeardAt = at;
}

/** The server's time now, in ms since 1970; this machine's own clock until the server has spoken. */
export function now() {
  if (startsAt !== null) return startsAt + performance.now();
  return pageTime() ?? Date.now();
}

/** The server time of the last message, in ms, or null. */
export function lastHeard() {
  return lastHeardAt;
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
