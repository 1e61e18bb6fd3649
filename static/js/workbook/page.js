// What the parts of the workbook page share: the section, its sheets and forms, and the queue behind them.

import * as bar from "./bar.js";
import { editorOf } from "./places.js";

const root = document.getElementById("wb");

export const page = {
  root,
  canFill: root?.dataset.canFill === "yes",
  section: root?.dataset.section ?? "",
  sheets: [],
  forms: [],
  isOffline: !navigator.onLine,
  // Made at the start of the page.
  queue: null,
  undo: null,
  others: null,
  pasting: null,
  menu: null,
};

export function isBusy(cell) {
  return Boolean(cell.dataset.pending !== undefined || (cell.contains(document.activeElement) && editorOf(cell)));
}

export function sheetOf(cell) {
  return page.sheets.find((sheet) => sheet.table.contains(cell));
}

export function drawBar() {
  bar.draw(page.queue.entries, page.isOffline, page.queue.isSignedOut, page.queue.isForgetful);
}

// Other parts of the page (progress, history) look again.
export function announceSaved() {
  document.body.dispatchEvent(new CustomEvent("wb:saved"));
}
