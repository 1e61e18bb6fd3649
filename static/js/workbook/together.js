// Who else is here, and in which cell: each page says where its cursor is, and rings the cells of the others.

import { now } from "../live/clock.js";

const SPEAK_MS = 20000;
const SETTLE_MS = 600;
const SILENT_MS = 55000;

const root = document.getElementById("wb");
const who = document.getElementById("wb-who");
let place = { row: "", field: "" };
let said = "";
let timer = 0;

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

function tell(words, isLast = false) {
  const body = new URLSearchParams(words);
  return fetch(who.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: isLast }).catch(() => {});
}

// Moving through a sheet is told once the cursor rests.
function move(cell) {
  place = { row: cell.closest("[data-row]")?.dataset.row ?? "", field: cell.dataset.field };
  clearTimeout(timer);
  timer = setTimeout(() => speak(false), SETTLE_MS);
}

function speak(isBeat = true) {
  const words = JSON.stringify(place);
  if (document.hidden || !isBeat && words === said) return;
  said = words;
  tell(place);
}

function draw() {
  for (const cell of document.querySelectorAll("[data-here]")) {
    cell.classList.remove("is-here");
    delete cell.dataset.here;
  }
  for (const person of who.querySelectorAll("li")) {
    const { user, section, row, field, name, seen } = person.dataset;
    const isSilent = now() - Date.parse(seen) > SILENT_MS && navigator.onLine;
    person.hidden = user === who.dataset.me || isSilent;
    if (person.hidden || section !== root.dataset.section || !field) continue;
    const cell = document.getElementById(`c-${row}-${field}`);
    if (!cell) continue;
    cell.classList.add("is-here");
    cell.dataset.here = cell.dataset.here ? `${cell.dataset.here}, ${name}` : name;
  }
  who.hidden = ![...who.querySelectorAll("li")].some((person) => !person.hidden);
}

function start() {
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.("#wb [data-field]");
    if (cell) move(cell);
  });
  addEventListener("pagehide", () => tell({ gone: "1" }, true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) speak(); });
  new MutationObserver(draw).observe(who, { childList: true, subtree: true, attributeFilter: ["data-row", "data-field", "data-section", "data-seen"] });
  setInterval(speak, SPEAK_MS);
  setInterval(draw, SPEAK_MS);
  speak();
  draw();
}

if (root && who) start();
