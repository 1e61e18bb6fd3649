// A field with several names: the text is the value, with commas between; below it stands the list of all names with
// those that are chosen checked. Typing filters, arrows move, Enter checks and unchecks, Esc closes the list.

import { tell } from "./hearing.js";
import { say } from "./words.js";

const BOX = "wb-picker";
const EDGE_PX = 8;
let field = null;
let active = -1;

export function listen() {
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("input[data-several]")) open(event.target);
    else if (field && !box()?.contains(event.target)) close();
  });
  document.addEventListener("focusout", (event) => event.target === field && close());
  document.addEventListener("input", (event) => event.target === field && event.isTrusted && show(true));
  // Before the sheet and the form hear of the key.
  document.addEventListener("keydown", onKey, true);
  addEventListener("scroll", (event) => field && !box().contains(event.target) && put(), true);
}

const box = () => document.getElementById(BOX);
const isOpen = () => Boolean(box()?.matches(":popover-open"));
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

function names() {
  return [...field.several.options].map((option) => option.value);
}

// The names in a text: the longest stretch between commas that is one of the list, else what stands to the next comma.
export function namesIn(text, known) {
  const parts = text.split(",");
  const found = [];
  for (let from = 0; from < parts.length; ) {
    let to = parts.length;
    const stretch = () => parts.slice(from, to).join(",").trim();
    const match = () => known.find((name) => fold(name) === fold(stretch()));
    while (to > from + 1 && !match()) to -= 1;
    const name = match() ?? stretch();
    if (name && !found.includes(name)) found.push(name);
    from = to;
  }
  return found;
}

function open(input) {
  field = input;
  // The browser's own list knows one name only.
  input.several ??= document.getElementById(input.getAttribute("list"));
  if (!input.several) return (field = null);
  input.removeAttribute("list");
  make();
  const words = { role: "combobox", "aria-autocomplete": "list", "aria-controls": `${BOX}-list`, "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries(words)) input.setAttribute(name, value);
  show();
}

function make() {
  if (box()) return;
  const made = document.createElement("div");
  made.id = BOX;
  made.className = "pop wb-picker";
  made.popover = "manual";
  made.innerHTML = `<ul class="wb-chips"></ul><ul id="${BOX}-list" role="listbox" aria-multiselectable="true"></ul><p class="dim t2"></p>`;
  made.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const name = event.target.closest("[data-name]")?.dataset.name;
    if (name !== undefined) toggle(name);
  });
  // Inside the page's main part, for whoever goes from landmark to landmark; it is drawn above everything anyway.
  document.getElementById("wb").append(made);
}

// What is being typed: the text behind the last comma before the caret, unless it is a whole name already.
function word() {
  const piece = field.value.slice(0, field.selectionStart).split(",").at(-1).trim();
  return names().some((name) => fold(name) === fold(piece)) ? "" : piece;
}

function show(isTyping = false) {
  const chosen = namesIn(field.value, names());
  const wanted = fold(isTyping ? word() : "");
  const shown = names().filter((name) => fold(name).includes(wanted));
  active = isTyping && wanted && shown.length ? 0 : Math.min(active, shown.length - 1);
  const [chips, list, line] = box().children;
  chips.replaceChildren(...chosen.map(chip));
  chips.hidden = !chosen.length;
  list.setAttribute("aria-label", field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent.trim() ?? "");
  list.replaceChildren(...shown.map((name, place) => option(name, place, chosen.includes(name))));
  line.textContent = shown.length ? "" : say("nothingFits");
  line.hidden = shown.length > 0;
  if (!isOpen()) box().showPopover();
  field.setAttribute("aria-expanded", "true");
  put();
  mark();
}

function option(name, place, isChosen) {
  const item = document.createElement("li");
  item.id = `${BOX}-${place}`;
  item.dataset.name = name;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(isChosen));
  item.textContent = name;
  return item;
}

// For the eye and the finger; by keyboard the same is done in the list.
function chip(name) {
  const item = document.createElement("li");
  item.dataset.name = name;
  item.setAttribute("aria-hidden", "true");
  item.textContent = `${name} ×`;
  return item;
}

function put() {
  // Below the whole cell of a sheet, which may be higher than its field.
  const at = (field.closest("td, th") ?? field).getBoundingClientRect();
  const { style, offsetHeight: height } = box();
  style.minWidth = `${Math.max(200, at.width)}px`;
  style.left = `${Math.max(EDGE_PX, Math.min(at.left, innerWidth - box().offsetWidth - EDGE_PX))}px`;
  style.top = `${at.bottom + height + EDGE_PX < innerHeight ? at.bottom + 2 : Math.max(EDGE_PX, at.top - height - 2)}px`;
}

function mark() {
  const items = [...box().querySelectorAll("[role=option]")];
  items.forEach((item, place) => item.classList.toggle("is-active", place === active));
  if (!items[active]) return field.removeAttribute("aria-activedescendant");
  items[active].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", items[active].id);
}

function toggle(name) {
  const piece = word();
  const chosen = namesIn(field.value, names());
  const rest = chosen.filter((each) => each !== name && each !== piece);
  const isAdded = !chosen.includes(name);
  field.value = [...rest, ...(isAdded ? [name] : [])].map((each) => `${each}, `).join("");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  show();
  tell(say(isAdded ? "picked" : "unpicked", { name }));
}

function onKey(event) {
  if (!field || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const count = box().querySelectorAll("[role=option]").length;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    if (!isOpen()) show();
    else if (count) active = (active + step + count) % count;
    mark();
  } else if (isOpen() && event.key === "Enter" && active >= 0) toggle(box().querySelectorAll("[role=option]")[active].dataset.name);
  else if (isOpen() && event.key === "Escape") hide();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function hide() {
  active = -1;
  if (isOpen()) box().hidePopover();
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

function close() {
  hide();
  field = null;
}
