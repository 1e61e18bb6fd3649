// What was typed and is not yet accepted: kept in this browser's storage, sent in order, never thrown away.
//
// An entry: {key, section, row, field, value, base, state, message}. base is the version the writer saw;
// null means "the version that the entry before it will get". States: waiting, conflict, invalid, gone, refused.

const RETRY_MS = [2000, 4000, 8000, 15000];

export class Queue {
  constructor(name, send, tell) {
    this.name = name;
    this.send = send;
    this.tell = tell;
    this.inFlight = null;
    this.failures = 0;
    this.isSignedOut = false;
  }

  get entries() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return this.memory ?? [];
    }
  }

  set entries(list) {
    this.memory = list;
    try {
      if (list.length) localStorage.setItem(this.name, JSON.stringify(list));
      else localStorage.removeItem(this.name);
    } catch {
      // Storage is full or forbidden: the page itself still keeps the text.
    }
  }

  of(row, field) {
    return this.entries.findLast((entry) => entry.row === row && entry.field === field);
  }

  // Everything refused before is tried once more: the reasons may be gone.
  wake() {
    this.entries = this.entries.map((entry) => ({ ...entry, state: "waiting" }));
    this.entries.forEach((entry) => this.tell(entry, { outcome: "waiting" }));
    this.flush();
  }

  put(edit) {
    const list = this.entries;
    const last = list.findLast((entry) => same(entry, edit));
    const isFlying = last && this.inFlight === last.key;
    if (last && !isFlying) {
      last.value = edit.value;
      last.state = "waiting";
      if (edit.rebase) last.base = edit.base;
    } else {
      list.push({ ...edit, key: crypto.randomUUID?.() ?? String(Math.random()), base: isFlying ? null : edit.base, state: "waiting" });
    }
    this.entries = list;
    this.tell(this.of(edit.row, edit.field), { outcome: "waiting" });
    this.flush();
  }

  drop(row, field) {
    this.entries = this.entries.filter((entry) => !(entry.row === row && entry.field === field && entry.key !== this.inFlight));
    this.tell(null, { outcome: "dropped" });
  }

  async flush() {
    if (this.isFlushing) return;
    this.isFlushing = true;
    clearTimeout(this.timer);
    try {
      for (let next = this.next(); next; next = this.next()) {
        this.inFlight = next.key;
        this.tell(next, { outcome: "sending" });
        const answer = await this.send(next);
        this.inFlight = null;
        if (!this.settle(next, answer)) break;
      }
    } finally {
      this.inFlight = null;
      this.isFlushing = false;
    }
  }

  next() {
    return this.entries.find((entry) => entry.state === "waiting");
  }

  // True when the next entry may be sent.
  settle(sent, answer) {
    if (answer.outcome === "offline" || answer.outcome === "signed-out") {
      this.isSignedOut = answer.outcome === "signed-out";
      const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
      this.failures += 1;
      if (!this.isSignedOut) this.timer = setTimeout(() => this.flush(), wait);
      this.tell(sent, answer);
      return false;
    }
    this.failures = 0;
    const isDone = answer.outcome === "saved" || answer.outcome === "merged";
    const list = this.entries;
    const at = list.findIndex((entry) => entry.key === sent.key);
    const later = list.find((entry, index) => index > at && same(entry, sent));
    if (later && later.base === null) later.base = isDone ? answer.version : sent.base;
    if (isDone || later) list.splice(at, 1);
    else if (at >= 0) list[at] = { ...list[at], state: answer.outcome, message: answer.message };
    this.entries = list;
    this.tell(sent, later ? { ...answer, outcome: "superseded" } : answer);
    return true;
  }
}

function same(one, other) {
  return one.section === other.section && one.row === other.row && one.field === other.field;
}
