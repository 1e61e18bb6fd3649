// Where unsent text lies: one entry of this browser's storage for each cell, under the name of its writer, so that
// two tabs never rewrite each other's. When the storage is full or forbidden, this page's memory keeps it and says so.

export class Shelf {
  constructor(name) {
    this.prefix = `${name}:`;
    this.memory = new Map();
    this.isFailing = false;
    this.takeOver(name);
  }

  all() {
    const found = new Map();
    for (const key of this.keys()) {
      const entry = parse(this.read(key));
      if (entry) found.set(entry.id, entry);
    }
    for (const [id, entry] of this.memory) found.set(id, entry);
    return [...found.values()].sort((one, other) => one.at - other.at);
  }

  get(id) {
    return this.memory.get(id) ?? parse(this.read(this.prefix + id));
  }

  set(entry) {
    try {
      localStorage.setItem(this.prefix + entry.id, JSON.stringify(entry));
      this.memory.delete(entry.id);
      this.isFailing = this.memory.size > 0;
    } catch {
      this.memory.set(entry.id, entry);
      this.isFailing = true;
    }
  }

  remove(id) {
    this.memory.delete(id);
    if (!this.memory.size) this.isFailing = false;
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // Nothing was kept there.
    }
  }

  // What another tab of the same reader did: the entry's id, and the entry or null when it is settled.
  onOther(tell) {
    addEventListener("storage", (event) => {
      if (event.key?.startsWith(this.prefix)) tell(event.key.slice(this.prefix.length), parse(event.newValue));
    });
  }

  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
  }

  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  // Before there was an entry for each cell there was one list.
  takeOver(name) {
    const list = parse(this.read(name));
    if (!Array.isArray(list)) return;
    list.forEach((old, place) => this.set({ ...old, id: idOf(old), at: place, stamp: String(place), base: old.base ?? 0 }));
    localStorage.removeItem(name);
  }
}

export function idOf({ section, row, field }) {
  return `${section}|${row}|${field}`;
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
