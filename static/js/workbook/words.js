// The words of the page, written by the server in the reader's language.

const words = document.getElementById("wb-words")?.dataset ?? {};

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
}

export function icon(name) {
  return document.getElementById(`i-${name}`).content.firstElementChild.cloneNode(true);
}
