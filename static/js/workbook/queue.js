// What was typed and is not yet accepted: kept on the shelf, sent in order by one tab at a time, never thrown away.
//
// An entry: {id, section, table, row, field, value, base, how, at, stamp, state, message, sent, alone}. base is the
// version the writer saw; stamp changes with every edit, so that an answer to an older text never removes a newer one.
// States: waiting, failed (tried again when it is due), conflict, invalid, gone, refused.

import { idOf, Shelf } from "./shelf.js";

const RETRY_MS = [2000, 4000, 8000, 15000];
const FAILED_MS = [5000, 15000, 60000, 300000];
// So many failures in a row, and it is the server rather than one cell: everything waits a while.
const MAX_STRIKES = 3;
const MAX_BATCH = 200;
const DONE = ["saved", "merged"];

export class Queue {
  constructor(name, { sendOne, sendMany, tell }) {
    this.name = name;
    this.shelf = new Shelf(name);
    this.sendOne = sendOne;
    this.sendMany = sendMany;
    this.tell = tell;
    this.failures = 0;
    this.strikes = 0;
    this.isSignedOut = false;
    this.last = 0;
    this.shelf.onOther((id, entry) => this.hearOther(id, entry));
  }

  get entries() {
    return this.shelf.all();
  }

  get isForgetful() {
    return this.shelf.isFailing;
  }

  // Everything refused before is tried once more: the reasons may be gone.
  wake() {
    for (const entry of this.entries) {
      this.shelf.set({ ...entry, state: "waiting" });
      this.tell(entry, { outcome: "waiting" });
    }
    this.flush();
  }

  put(edit) {
    this.putAll([edit]);
  }

  putAll(edits) {
    for (const edit of edits) this.lay(edit);
    for (const edit of edits) this.tell(this.shelf.get(idOf(edit)), { outcome: "waiting" });
    this.flush();
  }

  lay({ rebase, ...edit }) {
    const id = idOf(edit);
    const old = this.shelf.get(id);
    this.last = Math.max(Date.now(), this.last + 1);
    const fresh = { id, at: this.last, stamp: stamp(), state: "waiting", message: "", tries: 0 };
    this.shelf.set(old && !rebase ? { ...old, ...edit, base: old.base, ...fresh } : { ...edit, ...fresh });
  }

  // Now, not when it is due; whatever the reason was, it may be gone.
  retry(id) {
    const entry = this.shelf.get(id);
    if (!entry) return;
    this.shelf.set({ ...entry, state: "waiting" });
    this.tell(this.shelf.get(id), { outcome: "waiting" });
    this.flush();
  }

  giveUp(id) {
    this.shelf.remove(id);
    this.tell(null, { outcome: "dropped", other: id });
  }

  drop(id) {
    this.shelf.remove(id);
    this.tell(null, { outcome: "dropped" });
  }

  async flush() {
    if (this.isFlushing) {
      this.isAsked = true;
      return;
    }
    this.isFlushing = true;
    clearTimeout(this.timer);
    try {
      await exclusively(this.name, () => this.sendAll());
    } finally {
      this.isFlushing = false;
    }
    if (this.isAsked && this.next().length && !this.failures) this.flush();
    else if (!this.failures) this.wakeFailed();
  }

  // What failed comes again by itself, each time after a longer pause.
  wakeFailed() {
    const due = this.entries.filter((entry) => entry.state === "failed").map((entry) => entry.due);
    if (due.length) this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(...due) - Date.now()) + 50);
  }

  async sendAll() {
    this.isAsked = false;
    for (let batch = this.next(); batch.length; batch = this.next()) {
      for (const entry of batch) {
        this.shelf.set({ ...entry, sent: entry.value });
        this.tell(entry, { outcome: "sending" });
      }
      const answers = batch.length > 1 ? await this.sendMany(batch) : [await this.sendOne(batch[0])];
      const goesOn = batch.map((entry, place) => this.settle(entry, answers[place]));
      if (goesOn.includes(false)) return this.wait(answers[0]);
      if (!answers.some(({ outcome }) => outcome === "failed")) this.strikes = 0;
      this.failures = 0;
    }
  }

  // The next entries in order; cells of one table go together.
  next() {
    const waiting = this.entries.filter((entry) => entry.state === "waiting" || (entry.state === "failed" && entry.due <= Date.now()));
    const [first] = waiting;
    if (!first) return [];
    const isAlike = (entry) => entry.table && !entry.alone && entry.section === first.section && entry.table === first.table && entry.how === first.how;
    if (!isAlike(first)) return [first];
    const end = waiting.findIndex((entry) => !isAlike(entry));
    return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, MAX_BATCH));
  }

  wait(answer) {
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.isSignedOut = answer.outcome === "signed-out";
    if (!this.isSignedOut) this.timer = setTimeout(() => this.flush(), pause);
  }

  // False when nothing more can be sent now.
  settle(sent, answer) {
    if (answer.outcome === "offline" || answer.outcome === "signed-out") {
      this.isSignedOut = answer.outcome === "signed-out";
      this.tell(sent, answer);
      return false;
    }
    this.isSignedOut = false;
    const now = this.shelf.get(sent.id);
    if (!now) return true;
    if (answer.outcome === "conflict") return this.settleConflict(sent, now, answer);
    if (answer.outcome === "apart") {
      this.shelf.set({ ...now, alone: true });
      return true;
    }
    if (answer.outcome === "failed") return this.settleFailed(sent, now, answer);
    const isDone = DONE.includes(answer.outcome);
    if (now.stamp !== sent.stamp) {
      // A newer text was typed without sight of what others had in a merged one: it keeps its own beginning.
      this.shelf.set(answer.outcome === "saved" ? { ...now, base: answer.version } : now);
      this.tell(now, isDone ? { ...answer, outcome: "superseded", isMerged: answer.outcome === "merged", sent: sent.value } : { outcome: "waiting" });
    } else if (isDone) {
      this.shelf.remove(sent.id);
      this.tell(sent, answer);
    } else {
      this.shelf.set({ ...now, state: answer.outcome, message: answer.message });
      this.tell(now, answer);
    }
    return true;
  }

  settleFailed(sent, now, answer) {
    this.strikes += 1;
    if (now.stamp === sent.stamp) {
      const tries = now.tries ?? 0;
      const due = Date.now() + FAILED_MS[Math.min(tries, FAILED_MS.length - 1)];
      this.shelf.set({ ...now, state: "failed", tries: tries + 1, due });
      this.tell(now, answer);
    } else this.tell(now, { outcome: "waiting" });
    if (this.strikes < MAX_STRIKES) return true;
    this.strikes = 0;
    return false;
  }

  // A conflict among many is asked about again alone, for the full answer. One with an earlier text of our own, whose
  // answer never arrived, is none. To undo what others have changed since is not done at all.
  settleConflict(sent, now, answer) {
    if (now.how === "undone" && now.stamp === sent.stamp) {
      this.shelf.remove(sent.id);
      this.tell(sent, { ...answer, outcome: "not-undone" });
    } else if (answer.isOne === false) {
      this.shelf.set({ ...now, alone: true });
    } else if (now.stamp !== sent.stamp) {
      this.tell(now, { outcome: "waiting" });
    } else if (answer.is_own && !now.retold) {
      this.shelf.set({ ...now, base: answer.version, retold: true });
    } else {
      this.shelf.set({ ...now, state: "conflict" });
      this.tell(now, answer);
    }
    return true;
  }

  hearOther(id, entry) {
    if (entry) this.tell(entry, { outcome: entry.state, message: entry.message, isOther: true });
    else this.tell(null, { outcome: "dropped", other: id });
  }
}

function stamp() {
  return `${Date.now()}-${Math.random()}`;
}

// One tab sends at a time, where the browser can tell.
async function exclusively(name, act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(name, act);
}
