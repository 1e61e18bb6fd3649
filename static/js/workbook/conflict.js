// Two values for one cell: both stay on the page until somebody chooses.

import { draw, isSheet, place, rowOf } from "./places.js";

export function close(row, field) {
  document.getElementById(`conf-${row}-${field}`)?.remove();
  const box = place(row, field)?.querySelector("[data-conflict]");
  if (box) {
    box.replaceChildren();
    box.hidden = true;
  }
  const line = place(row, field)?.closest("tr");
  if (line && !line.parentElement.querySelector(`[id^="conf-${row}-"]`)) line.classList.remove("has-conf");
}

export function open(cell, answer, choose) {
  const row = rowOf(cell);
  const field = cell.dataset.field;
  close(row, field);
  const box = isSheet(cell) ? lineBelow(cell, row, field) : cell.querySelector("[data-conflict]");
  box.innerHTML = answer.html;
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const side = event.target.closest("[data-choose]")?.dataset.choose;
    if (!side) return;
    close(row, field);
    draw(cell, "");
    choose(side);
    if (isSheet(cell)) cell.focus();
  });
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
