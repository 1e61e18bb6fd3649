// Beside the sheet: the help and the history of the cell under the cursor.

import { page } from "./page.js";
import { rowOf } from "./places.js";

let historyUrl = "";

// The cell under the cursor: its help beside the sheet; a cell that others changed meanwhile is brought up to date.
export function look(cell, isLeft = false) {
  if (isLeft && cell.dataset.other) page.others.fetch([rowOf(cell)]);
  const help = document.getElementById(`help-${cell.dataset.field}`);
  const panel = document.getElementById("wb-cell");
  historyUrl = `?row=${rowOf(cell)}&field=${cell.dataset.field}`;
  if (!help || !panel) return;
  panel.hidden = false;
  document.getElementById("wb-cell-help").replaceChildren(help.content.cloneNode(true));
}

export function showHistory() {
  const box = document.getElementById("wb-history");
  if (!box) return;
  const base = box.getAttribute("hx-get").split("?")[0];
  window.htmx.ajax("GET", base + historyUrl, { target: box, swap: "innerHTML" });
}

export function showHistoryOf(row) {
  historyUrl = `?row=${row}`;
  showHistory();
}
