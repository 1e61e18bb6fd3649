// Two values for one cell: both stay on the page until somebody chooses, by mouse or keyboard.

import { draw, isSheet, place, rowOf } from "./places.js";

function boxOf(cell) {
  if (!isSheet(cell)) return cell.querySelector("[data-conflict]");
  return document.getElementById(`conf-${rowOf(cell)}-${cell.dataset.field}`);
}

export function close(row, field) {
  document.getElementById(`conf-${row}-${field}`)?.remove();
  const cell = place(row, field);
  const box = cell?.querySelector("[data-conflict]");
  if (box) {
    box.replaceChildren();
    box.hidden = true;
  }
  cell?.removeAttribute("aria-details");
  const line = cell?.closest("tr");
  if (line && !line.parentElement.querySelector(`[id^="conf-${row}-"]`)) line.classList.remove("has-conf");
}

export function open(cell, answer, choose) {
  const row = rowOf(cell);
  const field = cell.dataset.field;
  close(row, field);
  const box = isSheet(cell) ? lineBelow(cell, row, field) : boxOf(cell);
  box.innerHTML = answer.html;
  box.hidden = false;
  if (isSheet(cell)) cell.setAttribute("aria-details", `conf-${row}-${field}`);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isSheet(cell)) return;
    event.stopPropagation();
    cell.focus();
  });
  box.addEventListener("click", (event) => {
    const side = event.target.closest("[data-choose]")?.dataset.choose;
    if (!side) return;
    close(row, field);
    draw(cell, "");
    choose(side);
    if (isSheet(cell)) cell.focus();
    else cell.querySelector("[data-editor]")?.focus();
  });
}

// From a cell with two values to the choice between them.
export function visit(cell) {
  boxOf(cell)?.querySelector("[data-choose]")?.focus();
}

function lineBelow(cell, row, field) {
  const line = cell.closest("tr");
  const extra = document.createElement("tr");
  extra.id = `conf-${row}-${field}`;
  extra.className = "conf";
  extra.setAttribute("role", "row");
  extra.innerHTML = '<td role="gridcell" class="rn"></td><td role="gridcell" colspan="40"></td>';
  line.classList.add("has-conf");
  line.after(extra);
  return extra.lastElementChild;
}
