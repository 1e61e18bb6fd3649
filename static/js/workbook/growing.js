// Rows of a sheet come, go, change places, and follow in parts; what is being typed and the focus stay.

import { once } from "./once.js";
import { post } from "./send.js";

export class Growing {
  constructor(table, { grown }) {
    this.table = table;
    this.body = table.tBodies[0];
    this.grown = grown;
    this.watch();
  }

  // New rows by their HTML, each at its place.
  add(rows, order) {
    for (const { row, html } of rows) {
      if (document.getElementById(`row-${row}`)) continue;
      if (this.next) this.next.insertAdjacentHTML("beforebegin", html);
      else this.body.insertAdjacentHTML("beforeend", html);
      this.grown(document.getElementById(`row-${row}`));
    }
    this.arrange(order?.[this.table.dataset.table]);
    this.count();
  }

  remove(row) {
    document.getElementById(`row-${row}`)?.remove();
    document.querySelectorAll(`[id^="conf-${row}-"]`).forEach((line) => line.remove());
    this.count();
  }

  // Lines into the order of the server, moving as few as can be: a line that is moved loses its focus.
  arrange(order) {
    if (!order) return;
    const lines = order.map((row) => document.getElementById(`row-${row}`)).filter(Boolean);
    const kept = new Set(longestRun(lines.map((line) => [...this.body.children].indexOf(line))).map((place) => lines[place]));
    let last = [...this.body.querySelectorAll("tr[data-fixed]")].at(-1) ?? null;
    const active = document.activeElement;
    for (const line of lines) {
      if (!kept.has(line)) (last ? last.after(line) : this.body.prepend(line));
      last = line;
    }
    if (active !== document.activeElement && active?.isConnected) active.focus();
  }

  count() {
    const lines = [...this.body.querySelectorAll("tr[data-row]")];
    lines.forEach((line, place) => {
      line.querySelector(".rn").textContent = place + 1;
      line.setAttribute("aria-rowindex", place + 2);
    });
    const empty = this.table.closest(".wb-sheet").querySelector("[data-empty]");
    if (empty) empty.hidden = lines.length > 0;
    if (!this.next) this.table.setAttribute("aria-rowcount", lines.length + 1);
  }

  // The line behind which more rows wait on the server.
  get next() {
    return this.body.querySelector("tr[data-more]");
  }

  watch() {
    if (!this.next) return;
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.load(), { rootMargin: "600px" });
    seen.observe(this.next);
    this.next.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      this.loadAll();
    });
  }

  async load(isAll = false) {
    const line = this.next;
    if (!line || line.dataset.loading !== undefined) return;
    line.dataset.loading = "";
    const here = new URLSearchParams(location.search);
    const query = new URLSearchParams({ columns: here.get("columns") ?? "", show: here.get("show") ?? "", rows: isAll ? "all" : "" });
    try {
      const response = await fetch(`${line.dataset.more}&${query}`);
      if (!response.ok) throw new Error(response.status);
      const template = document.createElement("template");
      template.innerHTML = await response.text();
      const rows = [...template.content.querySelectorAll("tr[data-row]")].filter((row) => !document.getElementById(row.id));
      const more = template.content.querySelector("tr[data-more]");
      line.before(...rows);
      line.remove();
      if (more) this.body.append(more);
      rows.forEach((row) => this.grown(row));
      this.watch();
    } catch {
      delete line.dataset.loading;
    }
  }

  async loadAll() {
    while (this.next && this.next.dataset.loading === undefined) {
      const before = this.next;
      await this.load(true);
      if (this.next === before) return;
    }
  }
}

// Places of a longest rising run: these lines stand right already.
function longestRun(numbers) {
  const best = numbers.map(() => ({ length: 1, before: -1 }));
  numbers.forEach((number, place) => {
    for (let earlier = Math.max(0, place - 400); earlier < place; earlier += 1) {
      if (numbers[earlier] < number && best[earlier].length >= best[place].length) best[place] = { length: best[earlier].length + 1, before: earlier };
    }
  });
  const run = [];
  let place = best.reduce((top, { length }, index) => (length > (best[top]?.length ?? 0) ? index : top), -1);
  for (; place >= 0; place = best[place].before) run.push(place);
  return run;
}

// A row is added, copied, moved, deleted or brought back; the answer has what to draw, or null with words said.
export async function changeRow(url, say) {
  const answer = await once(url, (key) => post(url, new URLSearchParams({ key })));
  if (answer.outcome === "rows") return answer;
  say({ offline: "rowNeedsNetwork", "signed-out": "signedOut", refused: "refused", gone: "gone" }[answer.outcome] ?? "tooBusy");
  return null;
}
