// What other people saved: names and versions come by the stream, values by an ordinary request.

import { apply, place } from "./places.js";
import { changes } from "./send.js";

const SHOWN_MS = 6000;
const MAX_ROWS = 100;

export class Others {
  constructor(root, { isBusy, grow, learn }) {
    this.root = root;
    this.isBusy = isBusy;
    this.grow = grow;
    this.learn = learn;
    const tile = document.querySelector("#tile-workbook, #tile-guest");
    if (!tile || !root.dataset.section) return;
    this.seen = new Set([...tile.querySelectorAll("li")].map((item) => item.id));
    new MutationObserver(() => this.compare(tile)).observe(tile, { childList: true, subtree: true, attributes: true });
  }

  compare(tile) {
    const news = [...tile.querySelectorAll("li")].filter((item) => !this.seen.has(item.id));
    const rows = new Set();
    const fresh = new Set();
    let moved = "";
    for (const item of news) {
      this.seen.add(item.id);
      const { section, table, row, field, version, by, how } = item.dataset;
      if (section !== this.root.dataset.section) continue;
      const name = this.fixedName(row);
      const cell = place(name, field);
      if (how === "row_moved" || how === "row_restored" || how === "duplicated") moved = table;
      if (cell && Number(cell.dataset.version) < Number(version)) {
        rows.add(name);
        cell.dataset.other = by;
        cell.dataset.otherVersion = version;
      } else if (!field && this.hasRow(name)) rows.add(name);
      else if (!field || !this.hasRow(name)) fresh.add(row);
    }
    if (rows.size || fresh.size) this.fetch([...rows], [...fresh], moved);
  }

  // A fixed row and a form are on the page under their key, in the stream under their number.
  fixedName(row) {
    if (this.hasRow(row)) return row;
    return this.root.querySelector(`:is(tr, form)[data-row-number="${row}"]`)?.dataset.row ?? row;
  }

  // A line of a sheet or a form; the news of the stream name rows too.
  hasRow(row) {
    return Boolean(this.root.querySelector(`:is(tr, form)[data-row="${row}"]`));
  }

  async fetch(rows, fresh = [], table = "") {
    for (let start = 0; start < Math.max(rows.length, fresh.length); start += MAX_ROWS) {
      const found = await changes(rows.slice(start, start + MAX_ROWS), fresh.slice(start, start + MAX_ROWS), table);
      if (!found) return;
      this.learn(found.cells);
      found.cells.forEach((cell) => this.take(cell));
      this.grow(found.new, found.order);
      found.gone.forEach((row) => this.remove(row));
    }
  }

  take(data) {
    const cell = document.getElementById(data.id);
    if (!cell || this.isBusy(cell)) return;
    if (Number(cell.dataset.version) > Number(data.version)) return;
    const by = cell.dataset.other;
    apply(data);
    delete cell.dataset.other;
    if (by) this.flag(cell, by);
  }

  flag(cell, by) {
    const flag = document.createElement("span");
    flag.className = "flag";
    flag.textContent = by;
    cell.classList.add("is-other");
    cell.append(flag);
    setTimeout(() => {
      flag.remove();
      cell.classList.remove("is-other");
    }, SHOWN_MS);
  }

  remove(row) {
    const line = document.getElementById(`row-${row}`);
    if (!line) return;
    if ([...line.querySelectorAll("[data-field]")].some((cell) => this.isBusy(cell))) line.classList.add("is-gone");
    else line.remove();
  }
}
