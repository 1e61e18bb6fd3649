// A table that edits like a sheet: arrows move, Enter edits and saves, Esc undoes, Tab goes on.

import { editorOf, rowOf, setValue, valueOf } from "./places.js";

export class Sheet {
  constructor(table, { commit, look, showHistory }) {
    this.table = table;
    this.commit = commit;
    this.look = look;
    this.showHistory = showHistory;
    this.editing = null;
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("focusin", (event) => this.onFocus(event));
    table.addEventListener("focusout", (event) => this.onLeave(event));
    table.addEventListener("click", (event) => this.onClick(event));
    table.addEventListener("dblclick", (event) => this.edit(this.cellAt(event.target)));
    this.cells()[0]?.setAttribute("tabindex", "0");
  }

  cells() {
    return [...this.table.querySelectorAll("tbody [data-field]")];
  }

  cellAt(target) {
    return target.closest?.("[data-field]");
  }

  onFocus(event) {
    const cell = this.cellAt(event.target) ?? null;
    if (!cell) return;
    this.table.querySelectorAll('[data-field][tabindex="0"]').forEach((old) => (old.tabIndex = -1));
    cell.tabIndex = 0;
    this.look(cell);
  }

  onLeave(event) {
    if (this.editing && !this.editing.contains(event.relatedTarget)) this.finish(true);
  }

  onClick(event) {
    const cell = this.cellAt(event.target);
    if (!cell || this.editing === cell) return;
    const wasActive = this.active === cell;
    this.active = cell;
    cell.focus();
    if (wasActive || event.pointerType === "touch") this.edit(cell);
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.editing) this.onEditKey(event);
    else this.onMoveKey(event);
  }

  onEditKey(event) {
    const isArea = event.target.tagName === "TEXTAREA";
    if (event.key === "Escape") this.stop(event, () => this.finish(false));
    else if (event.key === "Enter" && !(isArea && (event.altKey || event.shiftKey))) this.stop(event, () => this.finishAndMove(1, 0));
    else if (event.key === "Tab") this.stop(event, () => this.finishAndMove(0, event.shiftKey ? -1 : 1));
  }

  onMoveKey(event) {
    const cell = this.cellAt(event.target);
    if (!cell) return;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (moves[event.key] && isPlain) this.stop(event, () => this.move(cell, ...moves[event.key]));
    else if (event.key === "Home" || event.key === "End") this.stop(event, () => this.edge(cell, event.key === "End"));
    else if (event.key === "Enter" || event.key === "F2") this.stop(event, () => this.edit(cell));
    else if (event.key === "Delete") this.stop(event, () => this.put(cell, ""));
    else if (event.altKey && event.code === "KeyH") this.stop(event, () => this.showHistory(cell));
    else if ((event.ctrlKey || event.metaKey) && event.code === "KeyD") this.stop(event, () => this.copyFromAbove(cell));
    else if (isPlain && (event.key.length === 1 || event.key === "Process")) this.edit(cell, true);
  }

  stop(event, act) {
    event.preventDefault();
    act();
  }

  // The key that starts an edit also types: the editor has the focus before the browser inserts the letter,
  // so that an input method composes in it.
  edit(cell, isFresh = false) {
    const template = cell && document.getElementById(`ed-${cell.dataset.field}`);
    if (!template || cell.getAttribute("aria-readonly") || this.editing) return;
    this.editing = cell;
    this.before = [...cell.childNodes];
    cell.replaceChildren(template.content.cloneNode(true));
    cell.classList.add("is-edit");
    const editor = editorOf(cell);
    setValue(editor, cell.dataset.pending ?? cell.dataset.edit);
    this.start = valueOf(editor);
    editor.focus();
    if (isFresh && editor.select && editor.type === "text") editor.value = "";
    else editor.select?.();
  }

  finish(isKept) {
    const cell = this.editing;
    if (!cell) return;
    const value = valueOf(editorOf(cell));
    this.editing = null;
    cell.classList.remove("is-edit");
    cell.replaceChildren(...this.before);
    if (isKept && value !== this.start) this.commit(rowOf(cell), cell, value, Number(cell.dataset.version));
    else this.look(cell, true);
    if (!isKept) cell.focus();
  }

  finishAndMove(down, right) {
    const cell = this.editing;
    this.finish(true);
    this.move(cell, down, right);
  }

  put(cell, value) {
    if (cell.getAttribute("aria-readonly") || !document.getElementById(`ed-${cell.dataset.field}`)) return;
    if (value !== (cell.dataset.pending ?? cell.dataset.edit)) this.commit(rowOf(cell), cell, value, Number(cell.dataset.version));
  }

  copyFromAbove(cell) {
    const above = this.neighbour(cell, -1, 0);
    if (above) this.put(cell, above.dataset.pending ?? above.dataset.edit);
  }

  neighbour(cell, down, right) {
    const line = [...cell.parentElement.querySelectorAll("[data-field]")];
    const lines = [...this.table.querySelectorAll("tbody tr[data-row]")];
    const row = lines[lines.indexOf(cell.parentElement) + down];
    return row?.querySelectorAll("[data-field]")[line.indexOf(cell) + right];
  }

  move(cell, down, right) {
    const next = this.neighbour(cell, down, right) ?? cell;
    this.active = next;
    next.focus();
  }

  edge(cell, isEnd) {
    const line = [...cell.parentElement.querySelectorAll("[data-field]")];
    line[isEnd ? line.length - 1 : 0].focus();
  }
}
