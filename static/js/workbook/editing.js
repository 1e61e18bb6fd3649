// From the person to the queue: what was typed, emptied or filled down.

import * as conflict from "./conflict.js";
import { notice } from "./notice.js";
import { page } from "./page.js";
import { isSheet, place, rowOf, showTyped, textOf } from "./places.js";
import { workOut } from "./working.js";

// Edits of one gesture: one step to undo.
export function commit(list, how = "typed") {
  const cells = list.map(({ cell, value }) => ({
    section: page.section,
    table: cell.closest("table")?.dataset.table ?? "",
    row: rowOf(cell),
    field: cell.dataset.field,
    from: textOf(cell),
    to: value,
    base: Number(cell.dataset.version),
  }));
  if (!cells.length) return;
  page.undo.record({ cells });
  putAll(cells.map((each, at) => ({ ...each, value: list[at].value, base: Number(list[at].cell.dataset.version), how })));
}

export function putAll(cells) {
  const edits = cells.map(({ table, row, field, value, base, how = "undone" }) => {
    const cell = place(row, field);
    if (cell) {
      cell.dataset.pending = value;
      showTyped(cell, value);
      conflict.close(row, field);
      if (isSheet(cell)) workOut(cell.closest("tr"));
    }
    return { section: page.section, table, row, field, value, how, base: base ?? Number(cell?.dataset.version ?? 0) };
  });
  page.queue.putAll(edits);
}

export function clear(sheet) {
  commit(sheet.block().flat().filter((cell) => !sheet.isLocked(cell) && textOf(cell)).map((cell) => ({ cell, value: "" })));
}

// The top line of the block into the lines below it; without a block, from the line above.
export function fillDown(sheet) {
  const block = sheet.block();
  if (!block.length) return;
  const [first] = block;
  const isOneLine = block.length === 1;
  const source = isOneLine ? first.map((cell) => sheet.neighbour(cell, -1, 0)) : first;
  if (!source.every(Boolean)) return;
  const targets = (isOneLine ? block : block.slice(1)).flatMap((line) => line.map((cell, at) => ({ cell, value: textOf(source[at]) })));
  const open = targets.filter(({ cell }) => !sheet.isLocked(cell));
  commit(open.filter(({ cell, value }) => value !== textOf(cell)), "filled_down");
  if (open.length < targets.length) notice("lockedSkipped", { count: targets.length - open.length });
}
