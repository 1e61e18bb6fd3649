// The save line of the page: how many cells are being saved, waiting, refused, and when the last one was accepted.

import { nameOf } from "./hearing.js";
import { button, place } from "./places.js";
import { icon, say } from "./words.js";

const bar = document.getElementById("wb-save");
const root = document.getElementById("wb");
const QUIET_MS = 300;
let lastSaved = "";
let timer = 0;

export function saved() {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone };
  lastSaved = `${new Date().toLocaleTimeString("en-GB", options)} ${root.dataset.zoneName}`;
}

// Drawn after a pause, so that a quick save is announced once.
export function draw(...state) {
  clearTimeout(timer);
  timer = setTimeout(() => paint(...state), QUIET_MS);
}

// The list of what was not taken: read, copied, or given up.
export function listen(queue) {
  const dialog = document.getElementById("wb-unsent");
  if (!dialog) return;
  bar?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-unsent]")) return;
    list(dialog, queue);
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop], [data-retry-unsent], [data-copy-unsent]");
    if (!button) return;
    const { drop, retryUnsent, copyUnsent } = button.dataset;
    if (copyUnsent !== undefined) copy(button, copyUnsent);
    else if (drop) queue.giveUp(drop);
    else queue.retry(retryUnsent);
    if (copyUnsent !== undefined || !dialog.contains(button)) return;
    button.closest("li").remove();
    if (!dialog.querySelector("li")) dialog.close();
  });
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text).then(() => (button.textContent = say("copied")), () => {});
}

function list(dialog, queue) {
  const items = queue.entries.filter((entry) => entry.state !== "waiting").map((entry) => {
    const item = document.createElement("li");
    const text = document.createElement("p");
    const why = document.createElement("p");
    text.className = "w3";
    why.className = "dim t2";
    text.textContent = entry.value || "—";
    why.append(linkTo(entry), `: ${entry.message || say({ conflict: "conflict", failed: "failed" }[entry.state] ?? "invalid")}`);
    const row = document.createElement("p");
    row.className = "btn-row";
    const again = ["failed", "refused", "gone"].includes(entry.state) ? [button(say("retry"), "retryUnsent", entry.id)] : [];
    row.append(...again, button(say("copyValue"), "copyUnsent", entry.value), button(say("giveUp"), "drop", entry.id));
    item.append(text, why, row);
    return item;
  });
  dialog.querySelector("ul").replaceChildren(...items);
}

// Where a text belongs, by the words of the page; in another section, by its number.
function linkTo({ section, row, field }) {
  const link = document.createElement("a");
  const cell = section === root.dataset.section && place(row, field);
  link.href = `${root.dataset.save.replace("SECTION/cells/", `${section}/`)}#c-${row}-${field}`;
  link.textContent = (cell && nameOf(cell)) || section.toUpperCase();
  return link;
}

function paint(entries, isOffline, isSignedOut, isForgetful) {
  if (!bar) return;
  const count = (...states) => entries.filter((entry) => states.includes(entry.state)).length;
  const waiting = count("waiting");
  const parts = [];
  const elsewhere = entries.filter((entry) => entry.section !== root.dataset.section).length;
  if (isForgetful) parts.push(part("st st-bad", "bad", say("forgetful")));
  if (count("conflict")) parts.push(part("st st-bad", "bad", say("conflictN", { count: count("conflict") })));
  const refused = count("invalid", "gone", "refused", "failed");
  if (refused) {
    const shown = button(say("showUnsent"), "unsent", "");
    parts.push(part("st st-bad", "bad", say("invalidN", { count: refused })), shown);
  }
  if (isSignedOut) parts.push(part("st st-stale", "wifi-off", say("signedOut")));
  else if (waiting && isOffline) parts.push(part("st st-stale", "wifi-off", say("offlineN", { count: waiting })));
  else if (waiting) parts.push(part("", "refresh", say("savingN", { count: waiting })));
  if (elsewhere && elsewhere < entries.length) parts.push(part("", "", say("elsewhere", { count: elsewhere })));
  if (!parts.length && lastSaved) parts.push(part("", "check", say("allSaved")));
  if (lastSaved) parts.push(part("", "", say("lastSaved", { time: lastSaved })));
  if (parts.length) bar.replaceChildren(...parts);
}

function part(css, shape, text) {
  const span = document.createElement("span");
  span.className = `save-part ${css}`.trim();
  if (shape) span.append(icon(shape));
  span.append(text);
  return span;
}
