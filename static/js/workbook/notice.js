// A quiet line at the foot of the page: what just happened to rows and steps, with a button to undo it.

import { tell } from "./hearing.js";
import { say } from "./words.js";

const SHOWN_MS = 8000;
const box = document.getElementById("wb-notice");
let timer = 0;

export function notice(key, values = {}, act = null) {
  const text = say(key, values);
  tell(text);
  if (!box) return;
  box.querySelector("[data-words]").textContent = text;
  const button = box.querySelector("button");
  button.hidden = !act;
  button.onclick = () => {
    hide();
    act?.();
  };
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(hide, SHOWN_MS);
}

function hide() {
  if (box.contains(document.activeElement)) {
    timer = setTimeout(hide, SHOWN_MS);
    return;
  }
  box.hidden = true;
}
