// What a screen reader is told: row, column, value and state of a cell that was saved or refused; many at once as a number.

import { isSheet, textOf } from "./places.js";
import { say } from "./words.js";

const PAUSE_MS = 500;
const box = document.getElementById("wb-say");
let waiting = [];
let timer = 0;

// Row and column in words: "2 Portal, Peak forecast"; a question by its own words.
export function nameOf(cell) {
  if (!isSheet(cell)) return cell.querySelector(".q-t label")?.textContent ?? "";
  const line = cell.closest("tr");
  const head = cell.closest("table").querySelector(`thead [data-column="${cell.dataset.field}"]`)?.firstChild?.textContent.trim();
  const title = line.querySelector(".c-q .q")?.textContent.trim();
  const row = say("rowNumber", { number: line.querySelector(".rn").textContent });
  return [row, cell.matches(".c-q") ? "" : title, head].filter(Boolean).join(", ");
}

export function hear(cell, word, message = "") {
  tell([nameOf(cell), textOf(cell), say(word), message].filter(Boolean).join(", "), word);
}

export function tell(text, word = "") {
  if (!box) return;
  waiting.push({ text, word });
  clearTimeout(timer);
  timer = setTimeout(speak, PAUSE_MS);
}

function speak() {
  const calm = waiting.filter(({ word }) => word === "saved");
  const others = waiting.filter(({ word }) => word !== "saved").slice(-3);
  const words = calm.length > 1 ? [say("savedN", { count: calm.length })] : calm.map(({ text }) => text);
  box.textContent = [...words, ...others.map(({ text }) => text)].join(". ");
  waiting = [];
}
