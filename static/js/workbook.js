// The workbook page: sheets and questions that save by themselves and lose nothing.

import * as bar from "./workbook/bar.js";
import { asHtml, asText, readClipboard } from "./workbook/clipboard.js";
import * as conflict from "./workbook/conflict.js";
import { Form } from "./workbook/form.js";
import { changeRow, Growing } from "./workbook/growing.js";
import { hear, nameOf, tell as tellAloud } from "./workbook/hearing.js";
import { notice } from "./workbook/notice.js";
import { Others } from "./workbook/others.js";
import { Pasting } from "./workbook/pasting.js";
import { apply, copiedText, draw, drawState, editorOf, isSheet, place, rowOf, showTyped, textOf } from "./workbook/places.js";
import { Queue } from "./workbook/queue.js";
import { RowMenu } from "./workbook/rowmenu.js";
import { post, sendMany, sendOne } from "./workbook/send.js";
import { Sheet } from "./workbook/sheet.js";
import { Undo } from "./workbook/undo.js";
import { say } from "./workbook/words.js";
import { learn, workOut } from "./workbook/working.js";

const root = document.getElementById("wb");
const canFill = root?.dataset.canFill === "yes";
const section = root?.dataset.section ?? "";
const sheets = [];
const forms = [];
const conflicts = new Map();
let isOffline = !navigator.onLine;
let historyUrl = "";
let queue, undo, others, pasting, menu;

function isBusy(cell) {
  return Boolean(cell.dataset.pending !== undefined || (cell.contains(document.activeElement) && editorOf(cell)));
}

function sheetOf(cell) {
  return sheets.find((sheet) => sheet.table.contains(cell));
}

// ---- From the person to the queue

// Edits of one gesture: one step to undo.
function commit(list, how = "typed") {
  const cells = list.map(({ cell, value }) => ({
    section,
    table: cell.closest("table")?.dataset.table ?? "",
    row: rowOf(cell),
    field: cell.dataset.field,
    from: textOf(cell),
    to: value,
    base: Number(cell.dataset.version),
  }));
  if (!cells.length) return;
  undo.record({ cells });
  putAll(cells.map((each, at) => ({ ...each, value: list[at].value, base: Number(list[at].cell.dataset.version), how })));
}

function putAll(cells) {
  const edits = cells.map(({ table, row, field, value, base, how = "undone" }) => {
    const cell = place(row, field);
    if (cell) {
      cell.dataset.pending = value;
      showTyped(cell, value);
      conflict.close(row, field);
      if (isSheet(cell)) workOut(cell.closest("tr"));
    }
    return { section, table, row, field, value, how, base: base ?? Number(cell?.dataset.version ?? 0) };
  });
  queue.putAll(edits);
}

function clear(sheet) {
  commit(sheet.block().flat().filter((cell) => !sheet.isLocked(cell) && textOf(cell)).map((cell) => ({ cell, value: "" })));
}

// The top line of the block into the lines below it; without a block, from the line above.
function fillDown(sheet) {
  const block = sheet.block();
  if (!block.length) return;
  const [first] = block;
  const isOneLine = block.length === 1;
  const source = isOneLine ? first.map((cell) => sheet.neighbour(cell, -1, 0)) : first;
  if (!source.every(Boolean)) return;
  const targets = (isOneLine ? block : block.slice(1)).flatMap((line) => line.map((cell, at) => ({ cell, value: textOf(source[at]) })));
  const open = targets.filter(({ cell }) => !sheet.isLocked(cell));
  commit(open.filter(({ cell, value }) => value !== textOf(cell)), "filled_down");
  if (open.length < targets.length) notice("lockedSkipped", { count: targets.length - open.length });
}

// ---- What the queue has to say about an entry

function tell(entry, answer) {
  const { outcome } = answer;
  if (["offline", "signed-out"].includes(outcome)) isOffline = true;
  else if (!["waiting", "sending", "dropped"].includes(outcome)) isOffline = false;
  if (outcome === "saved" || outcome === "merged") bar.saved();
  if (entry?.section === section) tellCell(entry, answer);
  if (answer.other) othersTab(answer.other);
  bar.draw(queue.entries, isOffline, queue.isSignedOut, queue.isForgetful);
}

// Another tab of the same reader settled a cell: what was typed there is not pending here any more.
function othersTab(id) {
  const [where, row, field] = id.split("|");
  const cell = where === section && place(row, field);
  if (!cell || editorOf(cell)?.matches(":focus")) return;
  delete cell.dataset.pending;
  others.fetch([row]);
}

function tellCell(entry, answer) {
  const { outcome } = answer;
  const cell = place(entry.row, entry.field);
  const isDone = ["saved", "merged", "superseded"].includes(outcome);
  if (isDone) {
    undo.settled(entry, answer);
    accept(answer, cell, outcome);
  }
  if (!cell || outcome === "superseded") return;
  if (outcome === "not-undone") return notUndone(cell, answer);
  if (outcome === "waiting" && cell.dataset.pending !== entry.value && !(editorOf(cell) && cell.contains(document.activeElement) && isSheet(cell))) {
    cell.dataset.pending = entry.value;
    showTyped(cell, entry.value);
    if (isSheet(cell)) workOut(cell.closest("tr"));
  }
  const isHeld = outcome === "waiting" && isOffline;
  draw(cell, isHeld ? "offline" : outcome, answer.message);
  if (["saved", "merged", "invalid", "conflict", "gone", "refused", "offline"].includes(outcome)) {
    hear(cell, { saved: "saved", merged: "mergedCell", offline: "offline", conflict: "conflict" }[outcome] ?? "invalid", answer.message ?? "");
  }
  if (outcome === "merged") notice("merged", { by: answer.by });
  if (outcome === "conflict" && answer.html) {
    conflicts.set(cell.id, entry);
    conflict.open(cell, answer, (side) => choose(entry, cell, answer, side));
  }
}

function notUndone(cell, answer) {
  delete cell.dataset.pending;
  draw(cell, "");
  others.fetch([rowOf(cell)]);
  notice("notUndone", { place: nameOf(cell), by: answer.by ?? "" });
}

// The row as it is now; cells with text of their own keep it.
function accept(answer, cell, outcome) {
  const isUnseen = cell && isBelowTyping(cell, answer);
  if (cell && outcome !== "superseded") delete cell.dataset.pending;
  if (cell && answer.version && !isUnseen) cell.dataset.version = answer.version;
  // The stream may tell of our own edit before its answer is here: it is nobody else's then.
  if (cell && Number(answer.version) >= Number(cell.dataset.otherVersion)) delete cell.dataset.other;
  if (isUnseen) cell.dataset.other = answer.by || "…";
  takeCells(answer.cells ?? [], cell, outcome !== "superseded" && !isUnseen);
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
}

// A merge with somebody else's words under an editor: what is typed on is still based on the version before it.
function isBelowTyping(cell, answer) {
  return Boolean(answer.isMerged || (answer.outcome === "merged" && cell.contains(document.activeElement) && editorOf(cell)));
}

function takeCells(cells, own = null, isOwnDone = true) {
  learnAll(cells);
  for (const data of cells) {
    const other = document.getElementById(data.id);
    if (other && (other === own ? isOwnDone : !isBusy(other))) takeOwn(other, data, other === own);
  }
  forms.forEach((form) => form.count());
}

function learnAll(cells) {
  for (const row of new Set(cells.map((cell) => cell.row))) learn(document.getElementById(`row-${row}`), cells);
}

// A cell goes on being typed in while its earlier text is saved: it learns its new version and keeps its editor.
function takeOwn(cell, data, isSaved) {
  if (!isSaved || !cell.contains(document.activeElement) || !editorOf(cell)) return apply(data);
  cell.dataset.version = data.version;
  cell.dataset.edit = data.edit;
  drawState(cell, data.state);
}

function choose(entry, cell, answer, side) {
  conflicts.delete(cell.id);
  if (side === "theirs") {
    queue.drop(entry.id);
    delete cell.dataset.pending;
    others.fetch([entry.row]);
    return;
  }
  const value = answer.edit[side] ?? entry.value;
  cell.dataset.pending = value;
  showTyped(cell, value);
  queue.put({ section, table: entry.table, row: entry.row, field: entry.field, how: "typed", value, base: answer.version, rebase: true });
}

// ---- Beside the sheet

// The cell under the cursor: its help beside the sheet; a cell that others changed meanwhile is brought up to date.
function look(cell, isLeft = false) {
  if (isLeft && cell.dataset.other) others.fetch([rowOf(cell)]);
  const help = document.getElementById(`help-${cell.dataset.field}`);
  const panel = document.getElementById("wb-cell");
  historyUrl = `?row=${rowOf(cell)}&field=${cell.dataset.field}`;
  if (!help || !panel) return;
  panel.hidden = false;
  document.getElementById("wb-cell-help").replaceChildren(help.content.cloneNode(true));
}

function showHistory() {
  const box = document.getElementById("wb-history");
  if (!box) return;
  const base = box.getAttribute("hx-get").split("?")[0];
  window.htmx.ajax("GET", base + historyUrl, { target: box, swap: "innerHTML" });
}

// ---- Rows

function urlOf(row, verb) {
  return `${root.dataset.save.replace("SECTION/cells/", `${section}/rows/${row}/${verb}/`)}?columns=${root.dataset.columns}`;
}

function growAll(rows, order) {
  for (const sheet of sheets) sheet.growing.add(rows.filter((row) => row.table === sheet.key), order);
}

async function act(verb, row, { isStep = false } = {}) {
  const line = document.getElementById(`row-${row}`);
  const sheet = line && sheetOf(line);
  const field = document.activeElement?.dataset?.field;
  const answer = await changeRow(urlOf(row, verb), notice);
  if (!answer) return false;
  const next = line?.nextElementSibling?.matches("tr[data-row]") ? line.nextElementSibling : line?.previousElementSibling;
  answer.gone.forEach((each) => sheets.forEach((one) => one.growing.remove(each)));
  growAll(answer.new, answer.order);
  const target = document.getElementById(`row-${answer.row}`) ?? next;
  (target?.querySelector(`[data-field="${field}"]`) ?? target?.querySelector("[data-field]"))?.focus();
  sheet?.settle();
  if (!isStep) rowDone(verb, row, answer);
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
  return true;
}

function rowDone(verb, row, answer) {
  const isCopy = verb === "duplicate";
  undo.record({ rows: [{ row: isCopy ? answer.row : row, verb: isCopy ? "add" : verb }] });
  const words = { delete: "rowDeleted", duplicate: "rowCopied", up: "rowMoved", down: "rowMoved", restore: "rowBack" };
  notice(words[verb], {}, () => undo.undo());
}

async function addRow(form) {
  const table = document.querySelector(`table[data-table="${form.dataset.addRow ?? form.id.replace("add-", "")}"]`);
  const sheet = sheets.find((each) => each.table === table);
  await sheet.growing.loadAll();
  const answer = await post(`${form.action}?columns=${root.dataset.columns}`, new URLSearchParams(new FormData(form)));
  if (answer.outcome !== "rows") {
    return notice({ offline: "rowNeedsNetwork", "signed-out": "signedOut", refused: "refused" }[answer.outcome] ?? "tooBusy");
  }
  if (form.matches("[popover]")) form.hidePopover();
  growAll(answer.new, answer.order);
  undo.record({ rows: answer.new.map(({ row }) => ({ row, verb: "add" })) });
  document.querySelector(`#row-${answer.row} [data-field]`)?.focus();
  if (answer.new.length > 1) notice("rowsAdded", { count: answer.new.length }, () => undo.undo());
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
}

function onMenu(verb, line) {
  if (verb === "history") {
    historyUrl = `?row=${line.dataset.row}`;
    showHistory();
    return;
  }
  act(verb, line.dataset.row);
}

// ---- Clipboard

function sheetWithCursor() {
  const cell = document.activeElement?.closest?.("table.sheet [data-field]");
  const sheet = cell && sheetOf(cell);
  return sheet && !sheet.editing ? sheet : null;
}

function onCopy(event) {
  const sheet = sheetWithCursor();
  if (!sheet || !getSelection().isCollapsed) return;
  const lines = sheet.block().map((line) => line.map((cell) => copiedText(cell)));
  event.preventDefault();
  event.clipboardData.setData("text/plain", asText(lines));
  event.clipboardData.setData("text/html", asHtml(lines));
  notice("copiedN", { count: lines.flat().length });
  if (event.type === "cut" && canFill) clear(sheet);
}

function onPaste(event) {
  const sheet = sheetWithCursor();
  if (!sheet || !canFill) return;
  event.preventDefault();
  const lines = readClipboard(event.clipboardData);
  const [cell] = sheet.block().flat();
  const isOne = lines.length === 1 && lines[0].length === 1 && !sheet.selection.isBlock;
  // One value into one cell is typing: the cell itself shows what becomes of it, also without a network.
  if (isOne && sheet.isLocked(cell)) notice("locked", { place: nameOf(cell) });
  else if (isOne) commit([{ cell, value: lines[0][0] }], "pasted");
  else pasting.into(sheet, event.clipboardData);
}

function taken(sheet, edits, before, answer) {
  takeCells(answer.cells);
  growAll(answer.new, answer.order);
  const cells = answer.results.flatMap((result, at) => {
    if (!["changed", "merged"].includes(result.kind) || result.row === null) return [];
    const { row, field, value } = edits[at];
    return [{ section, table: sheet.key, row, field, from: before[at], to: value, base: 0, version: result.version, isMerged: result.kind === "merged" }];
  });
  const rows = [...new Set(answer.results.filter((each) => each.row === null && each.row_id).map((each) => each.row_id))];
  undo.record({ cells, rows: rows.map((row) => ({ row: String(row), verb: "add" })) });
  if (answer.later.rows.length + answer.later.new.length) others.fetch(answer.later.rows, answer.later.new, sheet.key);
  bar.saved();
  bar.draw(queue.entries, isOffline, queue.isSignedOut, queue.isForgetful);
  notice("pastedN", { count: answer.counts.changed + answer.counts.merged }, () => undo.undo());
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
}

// ---- Start

const acts = {
  look,
  commit,
  clear,
  fillDown,
  history: showHistory,
  undo: () => undo.undo(),
  redo: () => undo.redo(),
  row: (verb, cell) => (canFill && cell.closest("tr").dataset.fixed === undefined ? act(verb, rowOf(cell)) : notice("rowFixed")),
  menu: (cell) => canFill && menu.open(cell.closest("tr"), cell),
  settleConflict: (cell) => conflict.visit(cell),
  typing: (cell, text) => isSheet(cell) && workOut(cell.closest("tr"), cell, text),
  selected: (sheet) => tellAloud(say("selectedN", { count: sheet.block().flat().length })),
  name: nameOf,
};
const reading = { ...acts, commit() {}, clear() {}, fillDown() {}, undo() {}, redo() {}, row() {} };

function start() {
  document.documentElement.classList.add("has-script");
  queue = new Queue(`iem-workbook:${root.dataset.reader}:${root.dataset.reference}`, { sendOne, sendMany, tell });
  undo = new Undo({ putAll, changeRow: act, say: (key) => notice(key) });
  others = new Others(root, { isBusy, grow: growAll, learn: learnAll });
  document.querySelectorAll("table.sheet").forEach((table) => {
    const sheet = new Sheet(table, canFill ? acts : reading);
    sheet.growing = new Growing(table, { grown: () => sheet.settle() });
    sheets.push(sheet);
  });
  if (canFill) startFilling();
  document.getElementById("wb-cell-history")?.addEventListener("click", showHistory);
  document.addEventListener("copy", onCopy);
  addEventListener("online", () => {
    isOffline = false;
    queue.flush();
  });
  addEventListener("offline", () => {
    isOffline = true;
    tell(null, { outcome: "dropped" });
  });
  queue.wake();
  showPlace();
  document.getElementById("wb-nav")?.addEventListener("htmx:after:swap", showPlace);
  visitHash();
}

function startFilling() {
  document.querySelectorAll("form.qs").forEach((form) => forms.push(new Form(form, acts)));
  pasting = new Pasting({ taken });
  const box = document.getElementById("row-menu");
  if (box) menu = new RowMenu(box, onMenu);
  document.addEventListener("paste", onPaste);
  document.addEventListener("cut", onCopy);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-add-row], form.wb-pick");
    if (!form || !sheets.length) return;
    event.preventDefault();
    addRow(form);
  });
  document.querySelectorAll("[data-paste-into]").forEach((button) =>
    button.addEventListener("click", () => pasting.ask(sheets.find((sheet) => sheet.key === button.dataset.pasteInto))),
  );
  document.addEventListener("keydown", onPageKey);
  bar.listen(queue);
  // What is being typed is kept before the page goes away; only when the browser keeps nothing, leaving is asked about.
  addEventListener("pagehide", keepTyped);
  document.addEventListener("visibilitychange", () => document.hidden && keepTyped());
  addEventListener("beforeunload", (event) => queue.isForgetful && queue.entries.length && event.preventDefault());
}

// J and K go through the questions; Ctrl Z works wherever no field has the focus.
function onPageKey(event) {
  if (event.defaultPrevented || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ") {
    event.preventDefault();
    if (event.shiftKey) undo.redo();
    else undo.undo();
  }
  const by = { KeyJ: 1, KeyK: -1 }[event.code];
  if (!by || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off" || !forms.length || event.target.closest(".sheet")) return;
  const [form] = forms;
  const at = form.cells.findIndex((cell) => cell.closest(".q-item").getBoundingClientRect().top > 0);
  form.step(form.cells[Math.max(0, at - (by > 0 ? 1 : 0))], by);
}

function keepTyped() {
  sheets.forEach((sheet) => sheet.finish(true));
  const cell = document.activeElement?.closest?.("form.qs [data-field]");
  if (cell) forms.forEach((form) => form.cells.includes(cell) && form.now(cell));
}

// Twenty-five sections are longer than the screen: the list shows the one that is open.
function showPlace() {
  const list = document.getElementById("wb-nav");
  const here = list?.querySelector('li a[aria-current="page"]');
  if (here && list.scrollHeight > list.clientHeight) list.scrollTop = here.offsetTop - list.clientHeight / 2;
}

// An address that names a row which is not on the page yet: the rest of the sheet is fetched first.
async function visitHash() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!/^(row|c)-/.test(id) || document.getElementById(id)) return;
  for (const sheet of sheets) await sheet.growing.loadAll();
  document.getElementById(id)?.scrollIntoView({ block: "center" });
}

if (root) start();
