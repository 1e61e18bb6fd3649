// Copy, cut and paste between the sheet and the clipboard.

import * as bar from "./bar.js";
import { asHtml, asText, readClipboard } from "./clipboard.js";
import { clear, commit } from "./editing.js";
import { nameOf } from "./hearing.js";
import { notice } from "./notice.js";
import { announceSaved, drawBar, page, sheetOf } from "./page.js";
import { copiedText } from "./places.js";
import { growAll } from "./rowacts.js";
import { takeCells } from "./telling.js";

function sheetWithCursor() {
  const cell = document.activeElement?.closest?.("table.sheet [data-field]");
  const sheet = cell && sheetOf(cell);
  return sheet && !sheet.editing ? sheet : null;
}

export function onCopy(event) {
  const sheet = sheetWithCursor();
  if (!sheet || !getSelection().isCollapsed) return;
  const lines = sheet.block().map((line) => line.map((cell) => copiedText(cell)));
  event.preventDefault();
  event.clipboardData.setData("text/plain", asText(lines));
  event.clipboardData.setData("text/html", asHtml(lines));
  notice("copiedN", { count: lines.flat().length });
  if (event.type === "cut" && page.canFill) clear(sheet);
}

export function onPaste(event) {
  const sheet = sheetWithCursor();
  if (!sheet || !page.canFill) return;
  event.preventDefault();
  const lines = readClipboard(event.clipboardData);
  const [cell] = sheet.block().flat();
  const isOne = lines.length === 1 && lines[0].length === 1 && !sheet.selection.isBlock;
  // One value into one cell is typing: the cell itself shows what becomes of it, also without a network.
  if (isOne && sheet.isLocked(cell)) notice("locked", { place: nameOf(cell) });
  else if (isOne) commit([{ cell, value: lines[0][0] }], "pasted");
  else page.pasting.into(sheet, event.clipboardData);
}

export function taken(sheet, edits, before, answer) {
  takeCells(answer.cells);
  growAll(answer.new, answer.order);
  const cells = answer.results.flatMap((result, at) => {
    if (!["changed", "merged"].includes(result.kind) || result.row === null) return [];
    const { row, field, value } = edits[at];
    return [{ section: page.section, table: sheet.key, row, field, from: before[at], to: value, base: 0, version: result.version, isMerged: result.kind === "merged" }];
  });
  const rows = [...new Set(answer.results.filter((each) => each.row === null && each.row_id).map((each) => each.row_id))];
  page.undo.record({ cells, rows: rows.map((row) => ({ row: String(row), verb: "add" })) });
  if (answer.later.rows.length + answer.later.new.length) page.others.fetch(answer.later.rows, answer.later.new, sheet.key);
  bar.saved();
  drawBar();
  notice("pastedN", { count: answer.counts.changed + answer.counts.merged }, () => page.undo.undo());
  announceSaved();
}
