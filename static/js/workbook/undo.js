// Undo and redo of one's own steps on this page, also after it was loaded again in the same tab. Each goes through the server as an ordinary edit: what others
// changed since is not touched, and that is said.
//
// A step: {cells: [{section, table, row, field, from, to, base, version, isMerged}], rows: [{row, verb}]}.

const MAX_STEPS = 200;
const MAX_KEPT = 50;
const INVERSE = { add: "delete", delete: "restore", restore: "delete", up: "down", down: "up" };

export class Undo {
  constructor(name, { putAll, changeRow, say }) {
    this.name = name;
    this.putAll = putAll;
    this.changeRow = changeRow;
    this.say = say;
    [this.done, this.undone] = this.kept();
    addEventListener("pagehide", () => this.keep());
  }

  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name)) ?? [[], []];
    } catch {
      return [[], []];
    }
  }

  keep() {
    try {
      sessionStorage.removeItem(this.name);
      sessionStorage.setItem(this.name, JSON.stringify([this.done, this.undone].map((steps) => steps.slice(-MAX_KEPT))));
    } catch {
      // No room: the steps end with the page, the history of each cell does not.
    }
  }

  record(step) {
    this.done.push({ cells: [], rows: [], ...step });
    if (this.done.length > MAX_STEPS) this.done.shift();
    this.undone = [];
  }

  // A cell was saved: undoing it later is based on this version. A merged text holds somebody else's words too.
  settled({ section, row, field }, answer) {
    for (const step of [...this.done, ...this.undone].reverse()) {
      const cell = step.cells.find((each) => each.section === section && each.row === row && each.field === field);
      if (!cell) continue;
      if (cell.version === undefined) cell.version = answer.version;
      if (answer.outcome === "merged" || answer.isMerged) cell.isMerged = true;
      return;
    }
  }

  undo() {
    return this.step(this.done, this.undone, "from", (verb) => INVERSE[verb]);
  }

  redo() {
    return this.step(this.undone, this.done, "to", (verb) => (verb === "add" ? "restore" : verb));
  }

  async step(source, target, side, verbOf) {
    const step = source.pop();
    if (!step) return this.say(side === "from" ? "nothingToUndo" : "nothingToRedo");
    for (const each of step.rows) {
      if (!(await this.changeRow(verbOf(each.verb), each.row, { isStep: true }))) return source.push(step);
    }
    const whole = step.cells.filter((cell) => !cell.isMerged);
    // Never the version on the page: it may be somebody else's already.
    const before = whole.map(({ version, base }) => version ?? base ?? 0);
    whole.forEach((cell) => delete cell.version);
    target.push(step);
    if (whole.length) this.putAll(whole.map((cell, place) => ({ ...cell, value: cell[side], base: before[place] })));
    if (whole.length < step.cells.length) this.say("mergedStays");
    else this.say(side === "from" ? "undone" : "redone");
  }
}
