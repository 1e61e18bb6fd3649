// The workbook page: sheets and questions that save by themselves and lose nothing.

import * as bar from "./workbook/bar.js";
import * as conflict from "./workbook/conflict.js";
import { Form } from "./workbook/form.js";
import { Others } from "./workbook/others.js";
import { apply, draw, drawState, editorOf, isSheet, place, rowOf, showTyped } from "./workbook/places.js";
import { Queue } from "./workbook/queue.js";
import { send } from "./workbook/send.js";
import { Sheet } from "./workbook/sheet.js";

const root = document.getElementById("wb");
const sheets = [];
const forms = [];
let isOffline = !navigator.onLine;
let historyUrl = "";

const queue = new Queue(`iem-workbook:${root.dataset.reader}:${root.dataset.reference}`, send, tell);
const others = new Others(root, { isBusy, grow });

function isBusy(cell) {
  return Boolean(cell.dataset.pending !== undefined || cell.contains(document.activeElement) && editorOf(cell));
}

function commit(row, cell, value, base) {
  cell.dataset.pending = value;
  showTyped(cell, value);
  conflict.close(row, cell.dataset.field);
  queue.put({ section: root.dataset.section, row, field: cell.dataset.field, value, base });
}

// What the queue has to say about an entry.
function tell(entry, answer) {
  if (["offline", "signed-out"].includes(answer.outcome)) isOffline = true;
  else if (!["waiting", "sending", "dropped"].includes(answer.outcome)) isOffline = false;
  if (answer.outcome === "saved" || answer.outcome === "merged") bar.saved();
  if (entry?.section === root.dataset.section) tellCell(entry, answer);
  bar.draw(queue.entries, isOffline, queue.isSignedOut);
}

function tellCell(entry, answer) {
  const cell = place(entry.row, entry.field);
  if (answer.outcome === "saved" || answer.outcome === "merged" || answer.outcome === "superseded") accept(entry, answer, cell);
  if (!cell || answer.outcome === "superseded") return;
  if (entry.state !== undefined && cell.dataset.pending === undefined && answer.outcome === "waiting") {
    cell.dataset.pending = entry.value;
    showTyped(cell, entry.value);
  }
  if (answer.outcome === "waiting" && isOffline) draw(cell, "offline");
  else draw(cell, answer.outcome, answer.message);
  if (answer.outcome === "conflict") conflict.open(cell, answer, (side) => choose(entry, cell, answer, side));
}

// The row as it is now; cells with text of their own keep it.
function accept(entry, answer, cell) {
  if (cell && answer.outcome !== "superseded") delete cell.dataset.pending;
  if (cell && answer.version) cell.dataset.version = answer.version;
  // The stream may tell of our own edit before its answer is here: it is nobody else's then.
  if (cell && Number(answer.version) >= Number(cell.dataset.otherVersion)) delete cell.dataset.other;
  for (const data of answer.cells ?? []) {
    const other = document.getElementById(data.id);
    if (other && (other === cell ? answer.outcome !== "superseded" : !isBusy(other))) takeOwn(other, data, other === cell);
  }
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
}

// A cell goes on being typed in while its earlier text is saved: it learns its new version and keeps its editor.
function takeOwn(cell, data, isSaved) {
  if (!isSaved || !cell.contains(document.activeElement) || !editorOf(cell)) return apply(data);
  cell.dataset.version = data.version;
  cell.dataset.edit = data.edit;
  drawState(cell, data.state);
}

function choose(entry, cell, answer, side) {
  if (side === "mine") {
    cell.dataset.pending = answer.edit.mine;
    queue.put({ ...entry, value: entry.value, base: answer.version, rebase: true });
    return;
  }
  queue.drop(entry.row, entry.field);
  delete cell.dataset.pending;
  others.fetch([entry.row]);
}

// The cell under the cursor: its help beside the sheet; a cell that others changed meanwhile is brought up to date.
function look(cell, isLeft = false) {
  if (isLeft && cell.dataset.other) others.fetch([rowOf(cell)]);
  const help = document.getElementById(`help-${cell.dataset.field}`);
  const panel = document.getElementById("wb-cell");
  if (!help || !panel) return;
  panel.hidden = false;
  document.getElementById("wb-cell-help").replaceChildren(help.content.cloneNode(true));
  historyUrl = `?row=${rowOf(cell)}&field=${cell.dataset.field}`;
}

function showHistory() {
  const box = document.getElementById("wb-history");
  const base = box.getAttribute("hx-get").split("?")[0];
  window.htmx.ajax("GET", base + historyUrl, { target: box, swap: "innerHTML" });
}

function grow({ row, table, html }) {
  const body = document.querySelector(`table[data-table="${table}"] tbody`);
  if (!body || document.getElementById(`row-${row}`)) return;
  body.insertAdjacentHTML("beforeend", html);
  body.lastElementChild.querySelector(".rn").textContent = body.querySelectorAll("tr[data-row]").length;
}

function start() {
  document.documentElement.classList.add("has-script");
  if (root.dataset.canFill === "yes") {
    document.querySelectorAll("table.sheet").forEach((table) => sheets.push(new Sheet(table, { commit, look, showHistory })));
    document.querySelectorAll("form.qs").forEach((form) => forms.push(new Form(form, { commit, look })));
  } else {
    document.querySelectorAll("table.sheet").forEach((table) => new Sheet(table, { commit() {}, look, showHistory }));
  }
  document.getElementById("wb-cell-history")?.addEventListener("click", showHistory);
  addEventListener("online", () => { isOffline = false; queue.flush(); });
  addEventListener("offline", () => { isOffline = true; tell(null, { outcome: "dropped" }); });
  // What is being typed is kept before the page goes away.
  addEventListener("pagehide", keepTyped);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepTyped(); });
  queue.wake();
}

function keepTyped() {
  sheets.forEach((sheet) => sheet.finish(true));
  const cell = document.activeElement?.closest?.("form.qs [data-field]");
  if (cell) forms.forEach((form) => form.now(cell));
}

if (root) start();
