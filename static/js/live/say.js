// The one polite live region of a page: at most one sentence a second, none lost.

const waiting = [];
let timer = null;

/** Speaks one sentence through #live-say. */
export function say(sentence) {
  waiting.push(sentence);
  if (timer === null) next();
}

function next() {
  const sentence = waiting.shift();
  timer = null;
  if (sentence === undefined) return;
  const region = document.getElementById("live-say");
  if (region) region.textContent = sentence;
  timer = setTimeout(next, 1000);
}
