// Rows are added, copied, moved, deleted and brought back.

import { showHistoryOf } from "./aside.js";
import { changeRow } from "./growing.js";
import { notice } from "./notice.js";
import { once } from "./once.js";
import { announceSaved, page, sheetOf } from "./page.js";
import { post } from "./send.js";

function urlOf(row, verb) {
  return `${page.root.dataset.save.replace("SECTION/cells/", `${page.section}/rows/${row}/${verb}/`)}?columns=${page.root.dataset.columns}`;
}

export function growAll(rows, order) {
  for (const sheet of page.sheets) sheet.growing.add(rows.filter((row) => row.table === sheet.key), order);
}

export async function act(verb, row, { isStep = false } = {}) {
  const line = document.getElementById(`row-${row}`);
  const sheet = line && sheetOf(line);
  const field = document.activeElement?.dataset?.field;
  const answer = await changeRow(urlOf(row, verb), notice);
  if (!answer) return false;
  const next = line?.nextElementSibling?.matches("tr[data-row]") ? line.nextElementSibling : line?.previousElementSibling;
  answer.gone.forEach((each) => page.sheets.forEach((one) => one.growing.remove(each)));
  growAll(answer.new, answer.order);
  const target = document.getElementById(`row-${answer.row}`) ?? next;
  (target?.querySelector(`[data-field="${field}"]`) ?? target?.querySelector("[data-field]"))?.focus();
  sheet?.settle();
  if (!isStep) rowDone(verb, row, answer);
  announceSaved();
  return true;
}

function rowDone(verb, row, answer) {
  const isCopy = verb === "duplicate";
  page.undo.record({ rows: [{ row: isCopy ? answer.row : row, verb: isCopy ? "add" : verb }] });
  const words = { delete: "rowDeleted", duplicate: "rowCopied", up: "rowMoved", down: "rowMoved", restore: "rowBack" };
  notice(words[verb], {}, () => page.undo.undo());
}

export async function addRow(form) {
  const table = document.querySelector(`table[data-table="${form.dataset.addRow ?? form.id.replace("add-", "")}"]`);
  const sheet = page.sheets.find((each) => each.table === table);
  await sheet.growing.loadAll();
  const words = [...new FormData(form)];
  const answer = await once(`${form.action}?${new URLSearchParams(words)}`, (key) =>
    post(`${form.action}?columns=${page.root.dataset.columns}`, new URLSearchParams([...words, ["key", key]])),
  );
  if (answer.outcome !== "rows") {
    return notice({ offline: "rowNeedsNetwork", "signed-out": "signedOut", refused: "refused" }[answer.outcome] ?? "tooBusy");
  }
  if (form.matches("[popover]")) form.hidePopover();
  growAll(answer.new, answer.order);
  page.undo.record({ rows: answer.new.map(({ row }) => ({ row, verb: "add" })) });
  document.querySelector(`#row-${answer.row} [data-field]`)?.focus();
  if (answer.new.length > 1) notice("rowsAdded", { count: answer.new.length }, () => page.undo.undo());
  announceSaved();
}

export function onMenu(verb, line) {
  if (verb === "history") {
    showHistoryOf(line.dataset.row);
    return;
  }
  act(verb, line.dataset.row);
}
