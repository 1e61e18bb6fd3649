// The workbook page: sheets and questions that save by themselves and lose nothing.

import { look, showHistory } from "./workbook/aside.js";
import * as bar from "./workbook/bar.js";
import * as conflict from "./workbook/conflict.js";
import { clear, commit, fillDown, putAll } from "./workbook/editing.js";
import { Form } from "./workbook/form.js";
import { Growing } from "./workbook/growing.js";
import { nameOf, tell as tellAloud } from "./workbook/hearing.js";
import { notice } from "./workbook/notice.js";
import { Others } from "./workbook/others.js";
import { isBusy, page } from "./workbook/page.js";
import * as picker from "./workbook/picker.js";
import { Pasting } from "./workbook/pasting.js";
import { isSheet, rowOf } from "./workbook/places.js";
import { Queue } from "./workbook/queue.js";
import { act, addRow, growAll, onMenu } from "./workbook/rowacts.js";
import { RowMenu } from "./workbook/rowmenu.js";
import { sendMany, sendOne } from "./workbook/send.js";
import { Sheet } from "./workbook/sheet.js";
import { learnAll, tell } from "./workbook/telling.js";
import { onCopy, onPaste, taken } from "./workbook/transfer.js";
import { Undo } from "./workbook/undo.js";
import { say } from "./workbook/words.js";
import { workOut } from "./workbook/working.js";

const { root, canFill, sheets, forms } = page;

const acts = {
  look,
  commit,
  clear,
  fillDown,
  history: showHistory,
  undo: () => page.undo.undo(),
  redo: () => page.undo.redo(),
  row: (verb, cell) => (canFill && cell.closest("tr").dataset.fixed === undefined ? act(verb, rowOf(cell)) : notice("rowFixed")),
  menu: (cell) => canFill && page.menu.open(cell.closest("tr"), cell),
  settleConflict: (cell) => conflict.visit(cell),
  typing: (cell, text) => isSheet(cell) && workOut(cell.closest("tr"), cell, text),
  selected: (sheet) => tellAloud(say("selectedN", { count: sheet.block().flat().length })),
  name: nameOf,
};
const reading = { ...acts, commit() {}, clear() {}, fillDown() {}, undo() {}, redo() {}, row() {} };

function start() {
  document.documentElement.classList.add("has-script");
  const name = `${root.dataset.reader}:${root.dataset.reference}`;
  page.queue = new Queue(`iem-workbook:${name}`, { sendOne, sendMany, tell });
  page.undo = new Undo(`iem-steps:${name}:${page.section}`, { putAll, changeRow: act, say: (key) => notice(key) });
  page.others = new Others(root, { isBusy, grow: growAll, learn: learnAll });
  document.querySelectorAll("table.sheet").forEach((table) => {
    const sheet = new Sheet(table, canFill ? acts : reading);
    sheet.growing = new Growing(table, { grown: () => sheet.settle() });
    sheets.push(sheet);
  });
  if (canFill) startFilling();
  document.getElementById("wb-cell-history")?.addEventListener("click", showHistory);
  document.addEventListener("copy", onCopy);
  addEventListener("online", () => {
    page.isOffline = false;
    page.queue.flush();
  });
  addEventListener("offline", () => {
    page.isOffline = true;
    tell(null, { outcome: "dropped" });
  });
  page.queue.wake();
  showPlace();
  document.getElementById("wb-nav")?.addEventListener("htmx:after:swap", showPlace);
  visitHash();
}

function startFilling() {
  document.querySelectorAll("form.qs").forEach((form) => forms.push(new Form(form, acts)));
  page.pasting = new Pasting({ taken });
  const box = document.getElementById("row-menu");
  if (box) page.menu = new RowMenu(box, onMenu);
  document.addEventListener("paste", onPaste);
  document.addEventListener("cut", onCopy);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-add-row], form.wb-pick");
    if (!form || !sheets.length) return;
    event.preventDefault();
    addRow(form);
  });
  document.querySelectorAll("[data-paste-into]").forEach((button) =>
    button.addEventListener("click", () => page.pasting.ask(sheets.find((sheet) => sheet.key === button.dataset.pasteInto))),
  );
  document.addEventListener("keydown", onPageKey);
  bar.listen(page.queue);
  picker.listen();
  // What is being typed is kept before the page goes away; only when the browser keeps nothing, leaving is asked about.
  addEventListener("pagehide", keepTyped);
  document.addEventListener("visibilitychange", () => document.hidden && keepTyped());
  addEventListener("beforeunload", (event) => page.queue.isForgetful && page.queue.entries.length && event.preventDefault());
}

// J and K go through the questions; Ctrl Z works wherever no field has the focus.
function onPageKey(event) {
  if (event.defaultPrevented || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ") {
    event.preventDefault();
    if (event.shiftKey) page.undo.redo();
    else page.undo.undo();
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
