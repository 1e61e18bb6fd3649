// The panel beside the sheet: what is said about the cell under the cursor. It follows the cursor, keeps what was
// typed and not sent, and brings what others say without touching the field in hand.

import * as mentions from "./mentions.js";

const LOOK_MS = 350;
const root = document.getElementById("wb");
const box = document.getElementById("wb-talk");
const side = document.getElementById("wb-cell");
const narrow = matchMedia("(max-width: 1240px)");
const opened = Date.now();
const seen = new Set();
let timer = 0;
let wanted = "";
let origin = null;
let returnTo = "";

function talk() {
  return document.getElementById("talk");
}

function rowOf(cell) {
  return cell.closest("[data-row]")?.dataset.row;
}

function urlOf(row, field) {
  return `${box.getAttribute("hx-get").split("?")[0]}?${new URLSearchParams({ row, field })}`;
}

// Follow the cursor, a moment later, so that moving through a sheet asks once.
function follow(cell) {
  const row = rowOf(cell);
  if (!row || !cell.dataset.field) return;
  origin = cell;
  const url = urlOf(row, cell.dataset.field);
  document.getElementById("wb-cell-more")?.removeAttribute("hidden");
  if (url === wanted) return;
  clearTimeout(timer);
  if (narrow.matches && !isShown()) return;
  timer = setTimeout(() => load(url), LOOK_MS);
}

function isShown() {
  return !narrow.matches || !side.hasAttribute("popover") || side.matches(":popover-open");
}

function load(url) {
  clearTimeout(timer);
  wanted = url;
  return window.htmx.ajax("GET", url, { target: box, swap: "innerHTML" });
}

async function show(cell, { isWriting = false } = {}) {
  if (cell) {
    origin = cell;
    await load(urlOf(rowOf(cell), cell.dataset.field));
  }
  if (narrow.matches && side.hasAttribute("popover") && !side.matches(":popover-open")) side.showPopover();
  if (isWriting) document.getElementById("talk-text")?.focus();
}

// What was typed and not sent is kept in this browser under its place, and stands there again after every drawing.
function draftKey(area) {
  const { section, row, field } = talk().dataset;
  return ["iem-talk", root.dataset.reader, root.dataset.reference, section, row, field, area.dataset.draft].join(":");
}

function keep(area) {
  try {
    if (area.value.trim()) localStorage.setItem(draftKey(area), area.value);
    else localStorage.removeItem(draftKey(area));
  } catch {
    // Storage is full or forbidden: the field itself still has the text.
  }
}

function restore() {
  for (const area of talk()?.querySelectorAll("[data-draft]") ?? []) {
    let draft = null;
    try {
      draft = localStorage.getItem(draftKey(area));
    } catch {
      return;
    }
    if (!draft || area === document.activeElement || area.value === draft) continue;
    area.value = draft;
    const details = area.closest("details");
    if (details) details.open = true;
  }
}

function forget(form) {
  for (const area of form.querySelectorAll("[data-draft]")) {
    try {
      localStorage.removeItem(draftKey(area));
    } catch {
      return;
    }
  }
}

function onAnswer(event) {
  const { ctx } = event.detail ?? {};
  const form = ctx?.sourceElement;
  const status = ctx?.response?.status ?? ctx?.response?.raw?.status;
  if (form?.tagName !== "FORM" || status >= 300 || !status) return;
  if (talk()?.contains(form)) {
    forget(form);
    returnTo = form.matches(".talk-say") ? "talk-text" : "talk";
    refreshSigns([talk().dataset.row]);
  }
  if (form.closest("#wb-state")) document.querySelectorAll("#wb-state [popover]:popover-open").forEach((pop) => pop.hidePopover());
}

function onDrawn() {
  const now = talk();
  if (!now) return;
  document.getElementById("h-talk").textContent = now.dataset.heading;
  const sub = document.getElementById("h-talk-sub");
  if (sub) sub.textContent = now.dataset.sub;
  const help = document.getElementById("wb-cell-help");
  if (help && !now.dataset.field) help.replaceChildren();
  restore();
  nameField();
  if (returnTo && document.activeElement === document.body) document.getElementById(returnTo)?.focus();
  returnTo = "";
}

// A size that a script gave to a field would be carried over as an inline style, which the policy forbids.
function unsize(event) {
  const target = event.detail?.ctx?.target;
  if (target === box || talk()?.contains(target)) box.querySelectorAll("[style]").forEach((sized) => sized.removeAttribute("style"));
}

// The free name matters only while no member is chosen.
function nameField() {
  const person = document.getElementById("ask-person");
  const name = document.querySelector("[data-ask-name]");
  if (person && name) name.hidden = Boolean(person.value);
}

// The signs behind the values of these rows as they are now; the values themselves are left alone.
async function refreshSigns(rows) {
  const known = [...rows].filter(Boolean);
  if (!known.length || !root.dataset.changes) return;
  try {
    const response = await fetch(`${root.dataset.changes}?${new URLSearchParams({ rows: known.join(",") })}`, { headers: { Accept: "application/json" } });
    if (response.ok) (await response.json()).cells.forEach(sign);
  } catch {
    // Offline: the signs come with the next news.
  }
}

function sign({ id, html }) {
  const cell = document.getElementById(id);
  if (!cell || cell.classList.contains("is-edit")) return;
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  const signs = drawn.content.querySelector(".cms");
  const place = document.querySelector(`[data-signs="${CSS.escape(id)}"]`) ?? cell;
  place.querySelector(":scope .cms")?.remove();
  if (signs) place.append(signs);
}

// What others said: the stream names places, words come by an ordinary request.
function onNews(tile) {
  const news = [...tile.querySelectorAll("li")].filter((item) => !seen.has(item.id));
  news.forEach((item) => seen.add(item.id));
  const here = news.filter((item) => item.dataset.section === root.dataset.section && Date.parse(item.dataset.at) > opened - 5000);
  if (!here.length) return;
  if (here.some((item) => item.dataset.kind === "state")) document.body.dispatchEvent(new CustomEvent("wb:state"));
  refreshSigns(new Set(here.map((item) => item.dataset.row)));
  const now = talk();
  const isHere = (item) => !now.dataset.row || (item.dataset.row === now.dataset.row && item.dataset.field === now.dataset.field);
  if (now && here.some(isHere)) refreshList();
}

function refreshList() {
  window.htmx.ajax("GET", talk().dataset.url, { target: "#talk-list", select: "#talk-list", swap: "outerMorph" });
}

// A saved value answers an open question.
function onSaved() {
  if (document.querySelector("#talk-list .talk-item.is-open")) refreshList();
}

function watch(id, act) {
  const tile = document.getElementById(id);
  if (tile) new MutationObserver(() => act(tile)).observe(tile, { childList: true, subtree: true, attributes: true });
}

// Alt C anywhere; C alone where a letter would not be typed, unless single keys are turned off.
function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && talk()?.contains(event.target) && !mentions.isOpen()) return back(event);
  const isAlone = !event.altKey && !event.shiftKey && document.body.dataset.keys !== "off" && !isTyping(event.target);
  if (event.code !== "KeyC" || !(event.altKey || isAlone)) return;
  event.preventDefault();
  const cell = event.target.closest?.("#wb [data-field]") ?? null;
  show(cell, { isWriting: true });
}

function isTyping(node) {
  if (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName)) return true;
  return Boolean(node.closest?.("table.sheet [data-field]") && !node.closest("[aria-readonly]"));
}

function back(event) {
  event.preventDefault();
  if (side.matches("[popover]:popover-open")) side.hidePopover();
  const editor = origin?.querySelector("[data-editor]");
  (editor ?? origin)?.focus();
}

function onClick(event) {
  const mark = event.target.closest("#wb .cms");
  const link = event.target.closest("[data-talk-to]");
  const opener = event.target.closest("[data-talk-open]");
  const cell = mark?.closest("[data-field]") ?? document.getElementById((opener ?? mark?.closest("[data-signs]"))?.dataset[opener ? "talkOpen" : "signs"]);
  if (!cell && !link) return;
  if (cell) {
    event.preventDefault();
    event.stopPropagation();
    show(cell, { isWriting: Boolean(opener) });
  } else if (document.querySelector(link.hash || null)) {
    event.preventDefault();
    const to = document.querySelector(link.hash);
    to.scrollIntoView({ block: "center" });
    (to.querySelector("[data-editor]") ?? to).focus();
    load(link.dataset.talkTo);
  }
}

// A link of a mail leads to its cell.
function arrive() {
  const cell = location.hash.startsWith("#c-") && document.getElementById(location.hash.slice(1));
  if (!cell) return;
  const editor = cell.querySelector("[data-editor]");
  cell.scrollIntoView({ block: "center" });
  (editor ?? cell).focus();
  if (!narrow.matches) load(urlOf(rowOf(cell), cell.dataset.field));
}

function start() {
  mentions.listen(document);
  box.addEventListener("input", (event) => event.target.matches("[data-draft]") && keep(event.target));
  box.addEventListener("change", (event) => event.target.id === "ask-person" && nameField());
  document.addEventListener("htmx:after:request", onAnswer);
  document.addEventListener("htmx:before:swap", unsize);
  document.addEventListener("htmx:after:swap", onDrawn);
  onDrawn();
  if (!root.dataset.changes) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick, true);
  root.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-field]");
    if (cell) follow(cell);
  });
  side.addEventListener("toggle", (event) => {
    if (event.newState === "open" && origin && urlOf(rowOf(origin), origin.dataset.field) !== wanted) load(urlOf(rowOf(origin), origin.dataset.field));
  });
  watch("tile-talk", onNews);
  watch("tile-workbook", onSaved);
  document.body.addEventListener("wb:saved", onSaved);
  arrive();
}

if (root && box && side) start();
