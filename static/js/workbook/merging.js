// A merge that arrives while one types on: what was typed since is put into it, sentence by sentence, as the server
// merges (workbook/merge.py). Standard JavaScript, nothing of the page.

const PIECE = /[^.!?\n]*(?:[.!?]+[ \t]*|\n+)|[^.!?\n]+$/g;
// Beyond this many comparisons a text is left to the server.
const MOST = 4_000_000;

// {text, caret}: `sent` was merged into `merged`, and `typed` stands in the editor by now; caret turns a place in
// `typed` into the same place in `text`. Null when both touched one place: that is for people to settle.
export function retyped(sent, typed, merged) {
  const old = pieces(sent);
  const mine = edits(old, pieces(typed));
  const theirs = edits(old, pieces(merged));
  if (!mine || !theirs) return null;
  const others = theirs.filter((edit) => !mine.some((own) => isSame(own, edit)));
  if (others.some((edit) => mine.some((own) => meet(own, edit)))) return null;
  const all = [...mine.map((edit) => ({ ...edit, isMine: true })), ...others].sort((one, other) => one.start - other.start || one.end - other.end);
  return applied(old, all);
}

function pieces(text) {
  return text.match(PIECE) ?? [];
}

// What was replaced: from start to end in `old`, by the longest common run of pieces.
function edits(old, fresh) {
  if (old.length * fresh.length > MOST) return null;
  const found = [];
  let [at, to] = [0, 0];
  const add = (end, until) => (end > at || until > to) && found.push({ start: at, end, pieces: fresh.slice(to, until) });
  for (const [left, right] of common(old, fresh)) {
    add(left, right);
    [at, to] = [left + 1, right + 1];
  }
  add(old.length, fresh.length);
  return found;
}

function common(old, fresh) {
  const best = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = fresh.length - 1; right >= 0; right -= 1) {
      best[left][right] = old[left] === fresh[right] ? best[left + 1][right + 1] + 1 : Math.max(best[left + 1][right], best[left][right + 1]);
    }
  }
  const pairs = [];
  for (let left = 0, right = 0; left < old.length && right < fresh.length; ) {
    if (old[left] === fresh[right]) pairs.push([left++, right++]);
    else if (best[left + 1][right] >= best[left][right + 1]) left += 1;
    else right += 1;
  }
  return pairs;
}

function isSame(one, other) {
  return one.start === other.start && one.end === other.end && one.pieces.join("") === other.pieces.join("");
}

// They overlap, or one inserts at the edge of the other: their order would be a guess.
function meet(one, other) {
  const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)];
  const isInsertion = one.start === one.end || other.start === other.end;
  return isInsertion ? start <= end : start < end;
}

function applied(old, all) {
  let [text, place, at] = ["", 0, 0];
  // Each run of the result, with the place in `typed` where it begins there and how long it is there.
  const runs = [];
  const put = (words, before) => {
    runs.push({ from: place, before, to: text.length, length: words.length });
    place += before;
    text += words;
  };
  const keep = (until) => put(old.slice(at, until).join(""), old.slice(at, until).join("").length);
  for (const { start, end, pieces: fresh, isMine } of all) {
    keep(start);
    const words = fresh.join("");
    put(words, isMine ? words.length : old.slice(start, end).join("").length);
    at = end;
  }
  keep(old.length);
  const caret = (offset) => {
    const run = runs.findLast(({ from }) => from <= offset) ?? runs[0];
    return run.to + Math.min(offset - run.from, run.length);
  };
  return { text, caret };
}
