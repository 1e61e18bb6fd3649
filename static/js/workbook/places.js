// Where a cell stands on the page, in a sheet or as a question, and how its state is drawn there.

import { icon, say } from "./words.js";

const SAVED_MS = 4000;
const fading = new WeakMap();
const STATES = ["is-saving", "is-off", "is-bad", "is-conf", "is-saved", "is-other"];
const MARKS = {
  sending: ["is-saving", "refresh", "saving"],
  waiting: ["is-saving", "refresh", "saving"],
  offline: ["is-off", "wifi-off", "offline"],
  "signed-out": ["is-off", "wifi-off", "signedOutCell"],
  saved: ["is-saved", "check", "saved"],
  merged: ["is-saved", "check", "mergedCell"],
  invalid: ["is-bad", "bad", "invalid"],
  refused: ["is-bad", "bad", "refusedCell"],
  failed: ["is-bad", "bad", "invalid"],
  gone: ["is-bad", "bad", "goneCell"],
  conflict: ["is-conf", "bad", "conflict"],
};

export function place(row, field) {
  return document.getElementById(`c-${row}-${field}`);
}

export function isSheet(cell) {
  return Boolean(cell.closest("table"));
}

export function rowOf(cell) {
  return cell.closest("[data-row]").dataset.row;
}

export function editorOf(cell) {
  return cell.querySelector("[data-editor]");
}

export function valueOf(editor) {
  if (editor.multiple) return [...editor.selectedOptions].map((option) => option.value).join(",");
  // Several names: the comma behind the last one waits for another.
  return editor.dataset.several === undefined ? editor.value : editor.value.replace(/[,\s]+$/, "");
}

export function setValue(editor, text) {
  if (!editor.multiple) editor.value = text;
  else for (const option of editor.options) option.selected = text.split(",").includes(option.value);
}

// What stands in a cell for its writer: the text that was typed and not accepted yet, else the saved one.
export function textOf(cell) {
  return cell.dataset.pending ?? cell.dataset.edit ?? "";
}

// What a spreadsheet gets: the words of a choice, anything else as it may be typed again.
export function copiedText(cell) {
  const text = textOf(cell);
  const editor = document.getElementById(`ed-${cell.dataset.field}`)?.content.querySelector("select");
  if (editor) return wordsOf(editor, text);
  return text.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
}

function wordsOf(editor, text) {
  const words = (value) => [...editor.options].find((option) => option.value === value)?.text ?? value;
  return (editor.multiple ? text.split(",").map(words) : [words(text)]).join(", ");
}

// The cell's new content from the server; a cell that is being edited is left alone.
export function apply(data) {
  const cell = document.getElementById(data.id);
  if (!cell) return;
  cell.dataset.version = data.version;
  cell.dataset.edit = data.edit;
  if (isSheet(cell)) {
    delete cell.dataset.worked;
    cell.innerHTML = data.html;
    cell.classList.toggle("is-miss", data.missing && cell.classList.contains("ed"));
    return;
  }
  const editor = editorOf(cell);
  if (data.missing) cell.dataset.missing = "";
  else delete cell.dataset.missing;
  if (editor && valueOf(editor) !== data.edit) setValue(editor, data.edit);
  drawState(cell, data.state);
  const shown = cell.querySelector("[data-shown]");
  if (shown) shown.innerHTML = data.html;
}

export function drawState(cell, html) {
  const state = cell.closest(".q-item")?.querySelector("[data-state]");
  if (state) state.innerHTML = html;
}

// What the writer typed, on top of what is saved.
export function showTyped(cell, value) {
  if (!isSheet(cell)) {
    const editor = editorOf(cell);
    if (editor && valueOf(editor) !== value) setValue(editor, value);
    return;
  }
  const editor = document.getElementById(`ed-${cell.dataset.field}`)?.content.querySelector("select");
  const words = editor ? wordsOf(editor, value) : null;
  const span = document.createElement("span");
  span.className = "cell-v";
  span.textContent = words ?? value.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
  cell.replaceChildren(span);
}

export function draw(cell, outcome, message = "") {
  const mark = MARKS[outcome];
  if (cell.classList.contains("is-edit")) return;
  // The sign of an earlier save must not take a newer one with it when its time is over.
  clearTimeout(fading.get(cell));
  cell.classList.remove(...STATES);
  cell.querySelectorAll(".cell-s, .cell-e, .cell-do").forEach((old) => old.remove());
  clearError(cell);
  if (!mark) return;
  const [css, shape, word] = mark;
  cell.classList.add(css);
  const span = document.createElement("span");
  span.className = "cell-s";
  span.append(icon(shape), say(word));
  cell.append(span);
  if (css === "is-saved") fading.set(cell, setTimeout(() => draw(cell, ""), SAVED_MS));
  if (css === "is-bad") showError(cell, message || say(outcome === "gone" ? "gone" : "refused"));
}

function showError(cell, message) {
  const known = cell.querySelector("[data-error]");
  if (known) {
    known.querySelector("span").textContent = message;
    known.hidden = false;
    const editor = editorOf(cell);
    editor?.setAttribute("aria-invalid", "true");
    editor?.setAttribute("aria-describedby", [known.id, editor.getAttribute("aria-describedby")].filter(Boolean).join(" "));
    return;
  }
  const error = document.createElement("span");
  error.className = "cell-e";
  error.id = `e-${cell.id}`;
  error.textContent = message;
  cell.append(error);
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", error.id);
}

// What can be done about a refused answer, below its words; in a sheet the list of unsent text offers it.
export function offer(cell, entry) {
  const words = cell.querySelector("[data-error]");
  if (!words) return;
  const row = document.createElement("p");
  row.className = "btn-row cell-do";
  row.append(button(say("retry"), "retryUnsent", entry.id), button(say("copyValue"), "copyUnsent", entry.value));
  words.after(row);
}

export function button(words, key, value) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-s";
  made.dataset[key] = value;
  made.textContent = words;
  return made;
}

function clearError(cell) {
  const editor = isSheet(cell) ? cell : editorOf(cell);
  editor?.removeAttribute("aria-invalid");
  const known = cell.querySelector("[data-error]");
  if (!known) return cell.removeAttribute("aria-describedby");
  known.hidden = true;
  const rest = (editor?.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== known.id);
  if (rest.length) editor?.setAttribute("aria-describedby", rest.join(" "));
  else editor?.removeAttribute("aria-describedby");
}
