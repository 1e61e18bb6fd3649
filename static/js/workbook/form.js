// Questions: every answer saves by itself a moment after the last key, and at once when the field is left.

import { editorOf, setValue, valueOf } from "./places.js";

const IDLE_MS = 900;

export class Form {
  constructor(form, { commit, look }) {
    this.row = form.dataset.row;
    this.commit = commit;
    this.timers = new Map();
    form.querySelectorAll("[data-field]").forEach((cell) => {
      const editor = editorOf(cell);
      if (!editor) return;
      editor.addEventListener("input", () => this.later(cell));
      editor.addEventListener("change", () => this.now(cell));
      editor.addEventListener("blur", () => { this.now(cell); look(cell, true); });
      editor.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        setValue(editor, cell.dataset.edit);
        this.now(cell);
      });
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.querySelectorAll("[data-field]").forEach((cell) => this.now(cell));
    });
  }

  later(cell) {
    clearTimeout(this.timers.get(cell));
    this.timers.set(cell, setTimeout(() => this.now(cell), IDLE_MS));
  }

  now(cell) {
    clearTimeout(this.timers.get(cell));
    const editor = editorOf(cell);
    if (!editor) return;
    const value = valueOf(editor);
    if (value === (cell.dataset.pending ?? cell.dataset.edit)) return;
    this.commit(this.row, cell, value, Number(cell.dataset.version));
  }
}
