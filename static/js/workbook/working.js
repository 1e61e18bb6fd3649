// Works the locked columns of a row out as one types; the server's answer replaces what is drawn here.

import { FORMULAS, grouped, headroom } from "./formulas.js";
import { textOf } from "./places.js";
import { say } from "./words.js";

// The values of a row as they stand on the page, typed or saved, with those of fields that are not shown.
function valuesOf(line, cell, text) {
  const values = JSON.parse(line.dataset.values ?? "{}");
  for (const each of line.querySelectorAll("[data-field]")) values[each.dataset.field] = textOf(each);
  if (cell) values[cell.dataset.field] = text;
  return values;
}

export function workOut(line, cell, text) {
  const worked = [...line.querySelectorAll("[data-formula]")].filter((each) => FORMULAS[each.dataset.formula]);
  if (!worked.length) return;
  const values = valuesOf(line, cell, text);
  for (const each of worked) {
    const value = FORMULAS[each.dataset.formula](values);
    if (value === (each.dataset.edit || null) && each.dataset.worked === undefined) continue;
    each.dataset.worked = "";
    if (each.dataset.formula === "quota_gap") drawGap(each, value, values);
    else drawValue(each, value);
  }
}

function drawValue(cell, value) {
  const span = document.createElement("span");
  span.className = "cell-v";
  const words = value === null ? null : choice(cell, value);
  span.append(words ?? (value === null ? "" : grouped(value)));
  cell.replaceChildren(span, ...cell.querySelectorAll(".cms"));
}

function choice(cell, value) {
  const found = document.getElementById(`ch-${cell.dataset.field}`)?.content.querySelector(`[data-value="${value}"]`);
  return found?.cloneNode(true) ?? null;
}

// The word of the gap, and the bar that stands there drawn anew.
function drawGap(cell, value, values) {
  const bar = headroom(values);
  if (value === null || !bar) {
    const dim = document.createElement("span");
    dim.className = "dim";
    dim.textContent = say(values.q_need ? (values.q_applied ? "needsMargin" : "needsQuota") : "needsPeak");
    cell.replaceChildren(dim);
    return;
  }
  const words = choice(cell, value);
  const sign = words?.querySelector(".st");
  const text = sign && [...sign.childNodes].findLast((node) => node.textContent.trim());
  if (text) text.textContent = value === "SHORT" ? say("shortOf", { count: bar.shortOf }) : `${text.textContent.trim()}, ${bar.percentLeft}%`;
  const drawing = cell.querySelector("svg.bar");
  drawing?.querySelector(".hb-p")?.setAttribute("width", `${bar.peak}%`);
  drawing?.querySelector(".hb-c")?.setAttribute("width", `${bar.used}%`);
  const box = document.createElement("span");
  box.className = "hr";
  box.append(...[drawing, sign ?? words].filter(Boolean));
  cell.replaceChildren(box);
}

// What the server says about fields of a row that are not shown.
export function learn(line, cells) {
  if (!line?.dataset.values) return;
  const values = JSON.parse(line.dataset.values);
  for (const cell of cells) if (cell.row === line.dataset.row && cell.field in values) values[cell.field] = cell.edit;
  line.dataset.values = JSON.stringify(values);
}
