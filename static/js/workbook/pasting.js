// What is pasted is shown before it is taken: what changes, what stays, what does not fit and why.

import { asText, parseText, readClipboard } from "./clipboard.js";
import { isLost, newKey } from "./once.js";
import { textOf } from "./places.js";
import { post } from "./send.js";
import { say } from "./words.js";

const dialog = document.getElementById("wb-paste");

export class Pasting {
  constructor({ sheetOf, taken, isOffline }) {
    this.sheetOf = sheetOf;
    this.taken = taken;
    this.isOffline = isOffline;
    if (!dialog) return;
    this.result = dialog.querySelector("[data-result]");
    this.source = dialog.querySelector("textarea");
    this.take = dialog.querySelector("[data-take]");
    this.copy = dialog.querySelector("[data-copy-refused]");
    this.retry = dialog.querySelector("[data-retry]");
    this.take.addEventListener("click", () => this.save());
    this.copy.addEventListener("click", () => this.copyRefused());
    this.retry.addEventListener("click", () => this.again());
    dialog.querySelector("[data-read]").addEventListener("click", () => this.start(this.sheet, parseText(this.source.value)));
    dialog.addEventListener("paste", (event) => this.onPaste(event));
    dialog.addEventListener("close", () => this.sheet?.active?.focus());
    addEventListener("online", () => dialog.open && !this.retry.hidden && this.again());
  }

  // An empty dialog to paste into, for rows below the last one.
  ask(sheet) {
    this.sheet = sheet;
    this.isBelow = true;
    this.source.value = "";
    this.show("ask");
    dialog.showModal();
    this.source.focus();
  }

  onPaste(event) {
    if (event.target !== this.source) return;
    const lines = readClipboard(event.clipboardData);
    if (lines.length === 1 && lines[0].length === 1) return;
    event.preventDefault();
    this.source.value = asText(lines);
    this.start(this.sheet, lines);
  }

  // Into the sheet at the cursor, or over the selected block.
  into(sheet, data) {
    this.isBelow = false;
    this.start(sheet, readClipboard(data));
  }

  async start(sheet, lines) {
    this.sheet = sheet;
    if (!lines.length || (lines.length === 1 && lines[0].length === 1 && lines[0][0] === "")) return;
    this.lines = lines;
    this.show("busy");
    if (!dialog.open) dialog.showModal();
    await sheet.growing.loadAll();
    this.edits = this.isBelow ? editsBelow(sheet, lines) : editsAt(sheet, lines);
    await this.preview();
  }

  async preview() {
    this.show("busy");
    const answer = await post(this.sheet.table.dataset.preview, { edits: this.edits });
    if (answer.outcome !== "planned") return this.fail(answer, () => this.preview());
    this.key = newKey();
    // What is taken is based on what was shown: who changes a cell meanwhile is not overwritten.
    this.edits.forEach((edit, place) => (edit.base = answer.results[place].version));
    this.fits = answer.counts.changed + answer.counts.merged;
    this.draw(answer.html);
    this.take.textContent = say("takeFits", { count: this.fits });
    this.show(this.fits ? "plan" : "none");
    (this.fits ? this.take : dialog.querySelector("[data-cancel]")).focus();
  }

  async save() {
    this.show("busy");
    const before = this.edits.map((edit) => edit.from);
    const url = `${this.sheet.table.dataset.save}?columns=${document.getElementById("wb").dataset.columns}`;
    const answer = await post(url, { edits: this.edits, how: "pasted", key: this.key });
    // Nobody knows whether it was done: the same again, which adds no row twice. Anything else is looked at anew.
    if (answer.outcome !== "done") return this.fail(answer, () => (isLost(answer) ? this.save() : this.preview()));
    this.taken(this.sheet, this.edits, before, answer);
    if (!answer.html.trim()) return dialog.close();
    this.draw(answer.html);
    this.show("rest");
    this.copy.focus();
  }

  fail(answer, again) {
    this.again = again;
    const words = { offline: say("pasteOffline"), "signed-out": say("signedOut"), refused: say("refused") };
    const line = document.createElement("p");
    line.textContent = answer.message ?? words[answer.outcome] ?? say("tooBusy");
    this.result.replaceChildren(line);
    this.show("failed");
    this.retry.focus();
  }

  draw(html) {
    this.result.innerHTML = html;
    // The server knows numbers of rows; a person knows names and places.
    for (const cell of this.result.querySelectorAll("[data-pv-row]")) {
      const line = document.getElementById(`row-${cell.dataset.pvRow}`);
      if (line) cell.textContent = rowName(line);
    }
  }

  show(state) {
    dialog.dataset.state = state;
    const isOn = { ask: ["read"], plan: ["take"], rest: ["copy"], none: [], failed: ["retry"], busy: [] }[state];
    dialog.querySelector("[data-ask]").hidden = state !== "ask";
    dialog.querySelector("[data-read]").hidden = !isOn.includes("read");
    this.take.hidden = !isOn.includes("take");
    this.retry.hidden = !isOn.includes("retry");
    if (state === "ask" || state === "busy") this.result.replaceChildren(...(state === "busy" ? [say("pasteBusy")] : []));
    this.copy.hidden = !this.result.querySelector("[data-refused]");
    dialog.querySelector("[data-cancel]").textContent = say(state === "rest" || state === "none" ? "close" : "cancel");
  }

  async copyRefused() {
    const values = [...this.result.querySelectorAll("[data-refused] [data-value]")].map((cell) => [cell.textContent]);
    try {
      await navigator.clipboard.writeText(asText(values));
      this.copy.textContent = say("copied");
    } catch {
      getSelection().selectAllChildren(this.result.querySelector("[data-refused]"));
    }
  }
}

export function rowName(line) {
  const number = line.querySelector(".rn").textContent;
  const title = line.querySelector(".c-q .q, .c-q .cell-v")?.textContent.trim();
  return title ? `${number} ${title}` : number;
}

// One value fills the block; more go cell by cell from its corner, into new rows below the last one.
function editsAt(sheet, lines) {
  const block = sheet.block();
  if (!block.length) return editsBelow(sheet, lines);
  const isOne = lines.length === 1 && lines[0].length === 1;
  if (isOne) return block.flat().map((cell) => editOf(cell.closest("tr"), cell, cell.dataset.field, lines[0][0]));
  const all = sheet.selection.lines();
  const top = all.indexOf(block[0][0].parentElement);
  const left = sheet.selection.cellsOf(block[0][0].parentElement).indexOf(block[0][0]);
  return spread(sheet, lines, all, top, left);
}

function editsBelow(sheet, lines) {
  const all = sheet.selection.lines();
  return spread(sheet, lines, all, all.length, 0);
}

function spread(sheet, lines, all, top, left) {
  const fields = [...sheet.table.querySelectorAll("thead [data-column]")].map((head) => head.dataset.column);
  return lines.flatMap((line, down) =>
    line.map((value, right) => {
      const row = all[top + down];
      const field = fields[left + right] ?? "";
      const cell = row?.querySelector(`[data-field="${field}"]`);
      return editOf(row, cell, field, value, String(down));
    }),
  );
}

function editOf(row, cell, field, value, place = "") {
  return { row: row ? row.dataset.row : null, new_row: row ? "" : place, field, value, from: cell ? textOf(cell) : "" };
}
