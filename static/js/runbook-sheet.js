// The sheet of a runbook: a cell is saved when it is left; arrows, Enter and Esc move and undo; nothing typed is lost.
(() => {
  "use strict";
  const table = document.getElementById("rb-sheet");
  if (!table) return;
  const say = document.getElementById("sheet-save");
  const words = table.dataset;
  document.documentElement.classList.add("has-sheet");
  const cellsOf = (row) => [...row.querySelectorAll(".cell")];
  const saved = new WeakMap();
  const remember = (root) => root.querySelectorAll(".cell").forEach((cell) => saved.set(cell, cell.value));
  remember(table);

  // One save after the other: the second of a row needs the version that the first one brings.
  let queue = Promise.resolve();
  // The newest text of each cell that is on its way; it stays in its cell whatever the answers before it bring.
  const waiting = new Map();
  const keyOf = (pk, name) => `${pk}/${name}`;
  const save = (cell) => {
    const row = cell.closest("tr");
    if (!row || cell.value === saved.get(cell)) return;
    saved.set(cell, cell.value);
    const [pk, key] = [row.dataset.pk, keyOf(row.dataset.pk, cell.name)];
    const entry = { name: cell.name, value: cell.value };
    waiting.set(key, entry);
    queue = queue.then(() => send(pk, entry)).catch(() => unsent(pk, entry)).then(() => {
      if (waiting.get(key) === entry) waiting.delete(key);
    });
  };
  // Leaving the cell again tries again, and nobody leaves the page without being asked.
  const unsent = (pk, { name }) => {
    tell(words.failed);
    const cell = rowOf(pk)?.querySelector(`.cell[name="${CSS.escape(name)}"]`);
    if (cell) saved.set(cell, undefined);
  };
  const isUnkept = () => waiting.size > 0 || cellsOf(table).some((cell) => cell.value !== saved.get(cell));

  const tell = (text) => { say.textContent = text; };
  const rowOf = (pk) => table.querySelector(`tr[data-pk="${CSS.escape(pk)}"]`);

  const send = async (pk, entry) => {
    const { name, value } = entry;
    const row = rowOf(pk);
    if (!row) return;
    tell(words.saving);
    const version = row.querySelector("input[name=version]").value;
    const answer = await fetch(row.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": words.csrf, "X-Sheet": "1" },
      body: new URLSearchParams({ version, [name]: value }),
    });
    if (![200, 409, 422].includes(answer.status)) return unsent(pk, entry);
    put(pk, row, await answer.text(), entry, answer.status);
    tell(answer.ok ? words.saved : words.failed);
  };

  // The new row takes the place of the old one; what was typed in it since, also in the same cell, and the caret stay.
  const put = (pk, row, html, entry, status) => {
    const { name } = entry;
    const made = new DOMParser().parseFromString(`<table><tbody>${html}</tbody></table>`, "text/html").querySelector("tr");
    if (!made) return;
    const active = row.contains(document.activeElement) ? document.activeElement : null;
    const typed = cellsOf(row).filter((cell) => cell.value !== saved.get(cell)).map((cell) => [cell.name, cell.value]);
    const at = active?.name;
    const caret = active && "selectionStart" in active ? active.selectionStart : null;
    row.replaceWith(document.adoptNode(made));
    remember(made);
    for (const cell of cellsOf(made)) {
      const later = waiting.get(keyOf(pk, cell.name));
      if (!later || later === entry) continue;
      cell.value = later.value;
      saved.set(cell, later.value);
    }
    for (const [key, value] of typed) {
      const cell = made.querySelector(`.cell[name="${CSS.escape(key)}"]`);
      if (cell) cell.value = value;
    }
    const focus = at && made.querySelector(`.cell[name="${CSS.escape(at)}"]`);
    if (focus) {
      focus.focus();
      try { if (caret !== null) focus.setSelectionRange(caret, caret); } catch { /* not a text field */ }
    }
    // What was refused is not what is kept: leaving the cell again sends it again once it was changed.
    if (status !== 200) saved.set(made.querySelector(`.cell[name="${CSS.escape(name)}"]`) ?? made, null);
  };

  table.addEventListener("focusout", (event) => { if (event.target.matches(".cell")) save(event.target); });
  table.addEventListener("change", (event) => { if (event.target.matches("select.cell")) save(event.target); });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(".cell");
    if (!cell || event.ctrlKey || event.metaKey || event.isComposing) return;
    const row = cell.closest("tr");
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      save(cell);
      queue.then(() => rowOf(row.dataset.pk)?.querySelector(`[data-move="${event.key === "ArrowUp" ? "up" : "down"}"]`)?.click());
      return;
    }
    if (event.altKey) return;
    const isList = cell.matches("select");
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (step && !(isList && event.key !== "Enter") && cell.type !== "datetime-local") {
      const rows = [...table.querySelectorAll("tbody tr")].filter((one) => one.querySelector(".cell"));
      const next = rows[rows.indexOf(row) + step]?.querySelector(`.cell[name="${CSS.escape(cell.name)}"]`);
      event.preventDefault();
      if (next) { next.focus(); next.select?.(); } else save(cell);
    }
    if (event.key === "Escape") {
      cell.value = saved.get(cell) ?? cell.defaultValue;
      cell.select?.();
    }
  });
  addEventListener("beforeunload", (event) => {
    const cell = document.activeElement?.closest?.(".cell");
    if (cell) save(cell);
    if (isUnkept()) event.preventDefault();
  });
  // A button that leads away waits for what is on its way; its row may be another one by then.
  document.addEventListener("submit", (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    const [form, button] = [event.target, event.submitter];
    queue.then(() => {
      const again = !button || button.isConnected ? button : document.querySelector(`button[form="${CSS.escape(form.id)}"][value="${CSS.escape(button.value)}"]`);
      if (again) again.click();
      else form.requestSubmit();
    });
  });
})();
