// The save line of the page: how many cells are being saved, waiting, refused, and when the last one was accepted.

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
export function draw(entries, isOffline, isSignedOut) {
  clearTimeout(timer);
  timer = setTimeout(() => paint(entries, isOffline, isSignedOut), QUIET_MS);
}

function paint(entries, isOffline, isSignedOut) {
  if (!bar) return;
  const count = (...states) => entries.filter((entry) => states.includes(entry.state)).length;
  const waiting = count("waiting");
  const parts = [];
  const elsewhere = entries.filter((entry) => entry.section !== root.dataset.section).length;
  if (count("conflict")) parts.push(part("st st-bad", "bad", say("conflictN", { count: count("conflict") })));
  const refused = count("invalid", "gone", "refused");
  if (refused) parts.push(part("st st-bad", "bad", say("invalidN", { count: refused })));
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
