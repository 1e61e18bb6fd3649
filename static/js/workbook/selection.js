// The block of cells that is selected in a sheet: from an anchor to the cell under the cursor.

export class Selection {
  constructor(table) {
    this.table = table;
    this.anchor = null;
    this.end = null;
  }

  lines() {
    return [...this.table.querySelectorAll("tbody tr[data-row]")];
  }

  cellsOf(line) {
    return [...line.querySelectorAll("[data-field]")];
  }

  // {top, bottom, left, right} in rows and columns of the page.
  corners() {
    if (!this.anchor?.isConnected || !this.end?.isConnected) return null;
    const lines = this.lines();
    const rows = [lines.indexOf(this.anchor.parentElement), lines.indexOf(this.end.parentElement)];
    const columns = [this.anchor, this.end].map((cell) => this.cellsOf(cell.parentElement).indexOf(cell));
    return { top: Math.min(...rows), bottom: Math.max(...rows), left: Math.min(...columns), right: Math.max(...columns) };
  }

  // The selected cells, line by line; the cell under the cursor when there is no block.
  block(active) {
    const corners = this.corners();
    if (!corners) return active ? [[active]] : [];
    return this.lines().slice(corners.top, corners.bottom + 1).map((line) => this.cellsOf(line).slice(corners.left, corners.right + 1));
  }

  get isBlock() {
    return Boolean(this.anchor && this.end && this.anchor !== this.end);
  }

  extend(from, to) {
    this.anchor ??= from;
    this.end = to;
    this.draw();
  }

  clear() {
    if (!this.anchor && !this.end) return;
    this.anchor = this.end = null;
    this.draw();
  }

  draw() {
    this.table.querySelectorAll(".is-sel").forEach((cell) => {
      cell.classList.remove("is-sel");
      cell.removeAttribute("aria-selected");
    });
    if (!this.isBlock) return;
    for (const cell of this.block().flat()) {
      cell.classList.add("is-sel");
      cell.setAttribute("aria-selected", "true");
    }
  }
}
