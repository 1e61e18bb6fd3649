// A table that edits like a sheet: arrows move, Shift selects, Enter and F2 edit, Tab goes on, Esc undoes the edit.

import { editorOf, rowOf, setValue, textOf, valueOf } from "./places.js";
import { Selection } from "./selection.js";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Sheet {
  constructor(table, acts) {
    this.table = table;
    this.key = table.dataset.table;
    this.acts = acts;
    this.editing = null;
    this.selection = new Selection(table);
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("focusin", (event) => this.onFocus(event));
    table.addEventListener("focusout", (event) => this.onLeave(event));
    table.addEventListener("click", (event) => this.onClick(event));
    table.addEventListener("dblclick", (event) => this.edit(this.cellAt(event.target)));
    table.addEventListener("input", (event) => this.onInput(event));
    table.addEventListener("mousedown", (event) => this.onPress(event));
    table.addEventListener("mouseover", (event) => this.onDrag(event));
    addEventListener("mouseup", () => (this.isDragging = false));
    this.settle();
  }

  // One cell of the sheet can be reached by Tab.
  settle() {
    if (!this.table.querySelector('[data-field][tabindex="0"]')) this.table.querySelector("tbody [data-field]")?.setAttribute("tabindex", "0");
  }

  cellAt(target) {
    return target.closest?.("[data-field]");
  }

  isLocked(cell) {
    return cell.getAttribute("aria-readonly") === "true" || !document.getElementById(`ed-${cell.dataset.field}`);
  }

  onFocus(event) {
    const cell = this.cellAt(event.target) ?? null;
    if (!cell) return;
    this.table.querySelectorAll('[data-field][tabindex="0"]').forEach((old) => (old.tabIndex = -1));
    cell.tabIndex = 0;
    // Elsewhere than where the block began, the block is over.
    if (this.selection.isBlock && cell !== this.selection.anchor) this.selection.clear();
    this.active = cell;
    this.acts.look(cell);
  }

  onLeave(event) {
    if (this.editing && !this.editing.contains(event.relatedTarget)) this.finish(true);
  }

  onPress(event) {
    const cell = this.cellAt(event.target);
    if (!cell || event.button !== 0 || this.editing === cell) return;
    if (event.shiftKey && this.active) {
      event.preventDefault();
      this.selection.extend(this.active, cell);
      return;
    }
    this.selection.clear();
    this.isDragging = true;
    this.pressed = cell;
  }

  onDrag(event) {
    const cell = this.cellAt(event.target);
    if (!this.isDragging || !cell || cell === this.pressed && !this.selection.isBlock) return;
    getSelection()?.removeAllRanges();
    this.pressed.focus();
    this.selection.extend(this.pressed, cell);
  }

  onClick(event) {
    const cell = this.cellAt(event.target);
    if (!cell || this.editing === cell || event.shiftKey || this.selection.isBlock) return;
    const wasActive = this.clicked === cell;
    this.clicked = cell;
    cell.focus();
    if (wasActive || event.pointerType === "touch") this.edit(cell);
  }

  onInput(event) {
    if (this.editing?.contains(event.target)) this.acts.typing(this.editing, valueOf(event.target));
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.editing) this.onEditKey(event);
    else this.onMoveKey(event);
  }

  onEditKey(event) {
    const isArea = event.target.tagName === "TEXTAREA";
    if (event.key === "Escape") this.stop(event, () => this.finish(false));
    else if (event.key === "Enter" && !(isArea && (event.altKey || event.shiftKey))) this.stop(event, () => this.finishAndMove(event.shiftKey ? -1 : 1, 0));
    else if (event.key === "Tab") this.stop(event, () => this.finishAndMove(0, event.shiftKey ? -1 : 1));
  }

  onMoveKey(event) {
    const cell = this.cellAt(event.target);
    if (!cell) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.altKey && !isCommand) this.onAltKey(event, cell);
    else if (isCommand) this.onCommandKey(event, cell);
    else this.onPlainKey(event, cell);
  }

  onPlainKey(event, cell) {
    const { key, shiftKey } = event;
    if (MOVES[key]) this.stop(event, () => (shiftKey ? this.reach(cell, ...MOVES[key]) : this.move(cell, ...MOVES[key])));
    else if (key === "Home" || key === "End") this.stop(event, () => this.edge(cell, key === "End"));
    else if (key === "Enter" || key === "F2") this.stop(event, () => this.edit(cell));
    else if (key === "Delete" || key === "Backspace") this.stop(event, () => this.acts.clear(this));
    else if (key === "Escape" && this.selection.isBlock) this.stop(event, () => this.selection.clear());
    else if (key === "ContextMenu" || (key === "F10" && shiftKey)) this.stop(event, () => this.acts.menu(cell));
    else if (key.length === 1 || key === "Process") this.edit(cell, true);
  }

  onAltKey(event, cell) {
    if (event.code === "KeyH") this.stop(event, () => this.acts.history(cell));
    else if (event.shiftKey && event.key === "ArrowUp") this.stop(event, () => this.acts.row("up", cell));
    else if (event.shiftKey && event.key === "ArrowDown") this.stop(event, () => this.acts.row("down", cell));
    else if (event.key === "ArrowDown") this.stop(event, () => this.acts.settleConflict(cell));
  }

  onCommandKey(event, cell) {
    if (event.code === "KeyD") this.stop(event, () => this.acts.fillDown(this));
    else if (event.code === "KeyZ") this.stop(event, () => (event.shiftKey ? this.acts.redo() : this.acts.undo()));
    else if (event.code === "KeyY") this.stop(event, () => this.acts.redo());
    else if (event.code === "KeyA") this.stop(event, () => this.selectAll());
    else if (event.key === "Home" || event.key === "End") this.stop(event, () => this.corner(event.key === "End"));
  }

  stop(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // The key that starts an edit also types: the editor has the focus before the browser inserts the letter,
  // so that an input method composes in it.
  edit(cell, isFresh = false) {
    if (!cell || this.isLocked(cell) || this.editing) return;
    this.selection.clear();
    const template = document.getElementById(`ed-${cell.dataset.field}`);
    this.editing = cell;
    this.before = [...cell.childNodes];
    cell.replaceChildren(template.content.cloneNode(true));
    cell.classList.add("is-edit");
    const editor = editorOf(cell);
    editor.setAttribute("aria-label", this.acts.name(cell));
    setValue(editor, textOf(cell));
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
    if (isKept && value !== this.start) this.acts.commit([{ cell, value }]);
    else {
      this.acts.typing(cell, textOf(cell));
      this.acts.look(cell, true);
    }
    if (!isKept) cell.focus();
  }

  // The cell being edited holds another text by now, others' words among it: Esc goes back to that one.
  rebase(cell, text) {
    if (this.editing !== cell) return;
    this.start = text;
    const shown = document.createElement("span");
    shown.className = "cell-v";
    shown.textContent = text;
    this.before = [shown];
  }

  finishAndMove(down, right) {
    const cell = this.editing;
    this.finish(true);
    this.move(cell, down, right);
  }

  neighbour(cell, down, right) {
    const lines = this.selection.lines();
    const line = lines[lines.indexOf(cell.parentElement) + down];
    return line && this.selection.cellsOf(line)[this.selection.cellsOf(cell.parentElement).indexOf(cell) + right];
  }

  move(cell, down, right) {
    this.selection.clear();
    (this.neighbour(cell, down, right) ?? cell).focus();
  }

  // The block grows or shrinks; the cursor stays where the block began.
  reach(cell, down, right) {
    const end = this.selection.end ?? cell;
    const next = this.neighbour(end, down, right);
    if (!next) return;
    this.selection.extend(cell, next);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.acts.selected(this);
  }

  selectAll() {
    const cells = [...this.table.querySelectorAll("tbody [data-field]")];
    this.selection.clear();
    this.selection.extend(cells[0], cells.at(-1));
    this.acts.selected(this);
  }

  edge(cell, isEnd) {
    const line = this.selection.cellsOf(cell.parentElement);
    this.selection.clear();
    line[isEnd ? line.length - 1 : 0].focus();
  }

  corner(isEnd) {
    const cells = this.table.querySelectorAll("tbody [data-field]");
    this.selection.clear();
    cells[isEnd ? cells.length - 1 : 0]?.focus();
  }

  // The cells that a command is about: the block, or the one under the cursor.
  block() {
    return this.selection.block(this.active?.isConnected ? this.active : null);
  }

  rowUnderCursor() {
    return this.active?.isConnected ? rowOf(this.active) : "";
  }
}
