// Where an input method is still composing a word. A text must not be changed below it, so a merge that arrives
// meanwhile is held until the word has ended.

const composing = new Set();
// {sent, shown, edit, version} by cell: the editor's text grew out of `sent`, and belongs into `shown`, which is what
// is saved as `edit` or on its way there.
const held = new Map();

export function isComposing(cell) {
  return composing.has(cell);
}

export function isHeld(cell) {
  return held.has(cell);
}

// A second merge below the same word: the editor's text still grew out of what it did before.
export function hold(cell, merge) {
  held.set(cell, { ...merge, sent: held.get(cell)?.sent ?? merge.sent });
}

// `take(cell, merge)` is called when a word ends below which a merge was held.
export function watch(take) {
  document.addEventListener("compositionstart", (event) => composing.add(cellOf(event)));
  document.addEventListener("compositionend", (event) => end(cellOf(event), take));
  // Not every input method says that it ends when the field is left.
  document.addEventListener("blur", (event) => end(cellOf(event), take), true);
}

function end(cell, take) {
  composing.delete(cell);
  const merge = held.get(cell);
  held.delete(cell);
  if (merge) take(cell, merge);
}

function cellOf(event) {
  return event.target.closest?.("[data-field]");
}
