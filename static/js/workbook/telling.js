// What the queue has to say about an entry, and how the page takes it in.

import * as bar from "./bar.js";
import { hold, isComposing, isHeld, watch } from "./composing.js";
import * as conflict from "./conflict.js";
import { hear, nameOf } from "./hearing.js";
import { retyped } from "./merging.js";
import { notice } from "./notice.js";
import { announceSaved, drawBar, isBusy, page, sheetOf } from "./page.js";
import { apply, draw, drawState, editorOf, isSheet, offer, place, rowOf, setValue, showTyped, valueOf } from "./places.js";
import { say } from "./words.js";
import { learn, workOut } from "./working.js";

export function tell(entry, answer) {
  const { outcome } = answer;
  if (["offline", "signed-out"].includes(outcome)) page.isOffline = true;
  else if (!["waiting", "sending", "dropped"].includes(outcome)) page.isOffline = false;
  if (outcome === "saved" || outcome === "merged") bar.saved();
  if (entry?.section === page.section) tellCell(entry, answer);
  if (answer.other) othersTab(answer.other);
  drawBar();
}

// Another tab of the same reader settled a cell: what was typed there is not pending here any more.
function othersTab(id) {
  const [where, row, field] = id.split("|");
  const cell = where === page.section && place(row, field);
  if (!cell || editorOf(cell)?.matches(":focus")) return;
  delete cell.dataset.pending;
  page.others.fetch([row]);
}

function tellCell(entry, answer) {
  const { outcome } = answer;
  const cell = place(entry.row, entry.field);
  const isDone = ["saved", "merged", "superseded"].includes(outcome);
  if (isDone) {
    page.undo.settled(entry, answer);
    accept(entry, answer, cell);
  }
  if (!cell || outcome === "superseded") return;
  if (outcome === "not-undone") return notUndone(cell, answer);
  if (outcome === "waiting" && cell.dataset.pending !== entry.value && !(editorOf(cell) && cell.contains(document.activeElement) && isSheet(cell))) {
    cell.dataset.pending = entry.value;
    showTyped(cell, entry.value);
    if (isSheet(cell)) workOut(cell.closest("tr"));
  }
  const isHeld = outcome === "waiting" && page.isOffline;
  const message = answer.message || (outcome === "failed" ? say("failed") : "");
  draw(cell, isHeld ? "offline" : outcome, message);
  if (outcome === "failed") offer(cell, entry);
  if (["saved", "merged", "invalid", "conflict", "gone", "refused", "offline", "failed"].includes(outcome)) {
    hear(cell, { saved: "saved", merged: "mergedCell", offline: "offline", conflict: "conflict" }[outcome] ?? "invalid", message);
  }
  if (outcome === "merged") notice("merged", { by: answer.by });
  if (outcome === "conflict" && answer.html) {
    conflict.open(cell, answer, (side) => choose(entry, cell, answer, side));
  }
}

function notUndone(cell, answer) {
  delete cell.dataset.pending;
  draw(cell, "");
  page.others.fetch([rowOf(cell)]);
  notice("notUndone", { place: nameOf(cell), by: answer.by ?? "" });
}

// The row as it is now; cells with text of their own keep it.
function accept(entry, answer, cell) {
  const { outcome } = answer;
  const isUnseen = cell && isBelowTyping(cell, answer) && !takeMerge(entry, answer, cell);
  if (cell && outcome !== "superseded") delete cell.dataset.pending;
  if (cell && answer.version && !isUnseen) cell.dataset.version = answer.version;
  // The stream may tell of our own edit before its answer is here: it is nobody else's then.
  if (cell && Number(answer.version) >= Number(cell.dataset.otherVersion)) delete cell.dataset.other;
  if (isUnseen) cell.dataset.other = answer.by || "…";
  takeCells(answer.cells ?? [], cell, outcome !== "superseded" && !isUnseen);
  announceSaved();
}

// A merge with somebody else's words, under an editor or below a newer text of one's own.
function isBelowTyping(cell, answer) {
  return Boolean(answer.isMerged || isHeld(cell) || (answer.outcome === "merged" && cell.contains(document.activeElement) && editorOf(cell)));
}

// The others' words are put beside what was typed since, which from here on is an edit of the merged version. False
// where both touched one sentence: what is typed on is still based on the version before, and people will choose;
// and false below a word that is being composed, at whose end they are put there.
function takeMerge(entry, answer, cell) {
  const edit = answer.cells?.find(({ id }) => id === cell.id)?.edit;
  const queued = edit !== undefined && retyped(answer.sent ?? entry.value, entry.value, edit);
  if (!queued) return false;
  const merge = { sent: entry.value, shown: queued.text, edit, version: answer.version };
  if (isComposing(cell)) hold(cell, merge);
  else if (!putMerge(cell, merge)) return false;
  if (answer.outcome === "superseded") {
    cell.dataset.pending = queued.text;
    page.queue.put({ ...placeOf(entry), value: queued.text, base: answer.version, rebase: true });
  }
  return !isComposing(cell);
}

// False, and nothing is touched, where what was typed since meets the others' words.
function putMerge(cell, { sent, shown, edit, version }) {
  const editor = editorOf(cell);
  const typed = editor && retyped(sent, valueOf(editor), shown);
  if (editor && !typed) return false;
  if (editor) putText(editor, typed);
  sheetOf(cell)?.rebase(cell, edit);
  cell.dataset.version = version;
  cell.dataset.edit = edit;
  return true;
}

watch((cell, merge) => {
  if (putMerge(cell, merge)) delete cell.dataset.other;
});

function putText(editor, { text, caret }) {
  if (valueOf(editor) === text) return;
  const [start, end] = [editor.selectionStart, editor.selectionEnd].map((place) => caret(place ?? 0));
  setValue(editor, text);
  if (editor.matches(":focus")) editor.setSelectionRange?.(start, end);
}

function placeOf({ section, table, row, field, how }) {
  return { section, table, row, field, how };
}

export function takeCells(cells, own = null, isOwnDone = true) {
  learnAll(cells);
  for (const data of cells) {
    const other = document.getElementById(data.id);
    if (other && (other === own ? isOwnDone : !isBusy(other))) takeOwn(other, data, other === own);
  }
  page.forms.forEach((form) => form.count());
}

export function learnAll(cells) {
  for (const row of new Set(cells.map((cell) => cell.row))) learn(document.getElementById(`row-${row}`), cells);
}

// A cell goes on being typed in while its earlier text is saved: it learns its new version and keeps its editor.
function takeOwn(cell, data, isSaved) {
  if (!isSaved || !cell.contains(document.activeElement) || !editorOf(cell)) return apply(data);
  cell.dataset.version = data.version;
  cell.dataset.edit = data.edit;
  drawState(cell, data.state);
}

function choose(entry, cell, answer, side) {
  if (side === "theirs") {
    page.queue.drop(entry.id);
    delete cell.dataset.pending;
    page.others.fetch([entry.row]);
    return;
  }
  const value = answer.edit[side] ?? entry.value;
  cell.dataset.pending = value;
  showTyped(cell, value);
  page.queue.put({ section: page.section, table: entry.table, row: entry.row, field: entry.field, how: "typed", value, base: answer.version, rebase: true });
}
