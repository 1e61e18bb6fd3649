// Questions: every answer saves by itself a moment after the last key, and at once when the field is left.
// The line above them says how far one is, and leads to the next open question.

import { isHeld } from "./composing.js";
import { editorOf, setValue, textOf, valueOf } from "./places.js";
import { say } from "./words.js";

const IDLE_MS = 900;

export class Form {
  constructor(form, { commit, look, typing }) {
    this.form = form;
    this.commit = commit;
    this.timers = new Map();
    this.cells = [...form.querySelectorAll("[data-field]")];
    for (const cell of this.cells) {
      const editor = editorOf(cell);
      if (!editor) continue;
      editor.addEventListener("input", () => {
        typing(cell, valueOf(editor));
        this.later(cell);
      });
      editor.addEventListener("compositionend", () => this.later(cell));
      editor.addEventListener("change", () => this.now(cell));
      editor.addEventListener("focus", () => look(cell));
      editor.addEventListener("blur", () => {
        this.now(cell);
        look(cell, true);
      });
      editor.addEventListener("keydown", (event) => this.onKey(event, cell, editor));
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.cells.forEach((cell) => this.now(cell));
    });
    form.querySelector("[data-next-open]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.goOn(this.cells.indexOf(document.activeElement?.closest?.("[data-field]")));
    });
    this.count();
  }

  onKey(event, cell, editor) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      setValue(editor, cell.dataset.edit);
      this.now(cell);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || editor.type === "text")) {
      event.preventDefault();
      this.now(cell);
      this.step(cell, 1);
    }
  }

  later(cell) {
    clearTimeout(this.timers.get(cell));
    this.timers.set(cell, setTimeout(() => this.now(cell), IDLE_MS));
  }

  now(cell) {
    clearTimeout(this.timers.get(cell));
    const editor = editorOf(cell);
    // Its text lacks others' words until the word that is being composed has ended.
    if (!editor || isHeld(cell)) return;
    const value = valueOf(editor);
    if (value === textOf(cell)) return;
    this.commit([{ cell, value }]);
    this.count();
  }

  // The question before or after, of those that can be answered.
  step(cell, by) {
    const open = this.cells.filter((each) => editorOf(each));
    const next = open[open.indexOf(cell) + by];
    if (next) this.visit(next);
    return next;
  }

  isOpen(cell) {
    const editor = editorOf(cell);
    return editor && !valueOf(editor);
  }

  // The next open question after this place, the required ones first; from the top again at the end.
  goOn(from) {
    const round = [...this.cells.slice(from + 1), ...this.cells.slice(0, from + 1)].filter((cell) => this.isOpen(cell));
    const next = round.find((cell) => cell.dataset.missing !== undefined) ?? round[0];
    if (next) this.visit(next);
    else document.querySelector(".wb-foot .btn-1")?.focus();
  }

  visit(cell) {
    cell.closest(".q-item").scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    editorOf(cell).focus({ preventScroll: true });
  }

  count() {
    const line = this.form.querySelector("[data-progress]");
    if (!line) return;
    const asked = this.cells.filter((cell) => editorOf(cell));
    const open = asked.filter((cell) => this.isOpen(cell));
    const required = open.filter((cell) => cell.dataset.missing !== undefined).length;
    line.querySelector("[data-words]").textContent = say("answeredN", { done: asked.length - open.length, total: asked.length });
    line.querySelector("[data-required]").textContent = required ? say("requiredN", { count: required }) : say("requiredNone");
    line.querySelector("[data-share]").setAttribute("width", `${asked.length ? ((asked.length - open.length) * 100) / asked.length : 100}%`);
    const next = this.form.querySelector("[data-next-open]");
    if (next) next.hidden = !open.length;
  }
}
