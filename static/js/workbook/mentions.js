// "@" in a text offers the members of the engagement: arrows choose, Enter or Tab takes, Esc closes. The text is plain.

const LIST = "talk-at";
const MOST = 8;

let field = null;
let start = -1;
let shown = [];
let chosen = 0;

export function isOpen() {
  return Boolean(field);
}

export function listen(root) {
  root.addEventListener("input", (event) => event.target.matches?.("[data-mentions]") && look(event.target));
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusout", (event) => {
    if (event.target === field && !document.getElementById(LIST)?.contains(event.relatedTarget)) close();
  });
}

// The word behind the last "@" before the caret, if a name may stand there.
function look(area) {
  const before = area.value.slice(0, area.selectionStart);
  const at = before.lastIndexOf("@");
  const word = before.slice(at + 1);
  if (at < 0 || /[A-Za-z0-9]/.test(before[at - 1] ?? "") || /\n/.test(word) || word.length > 60) return close();
  const found = people().filter(({ name }) => name.toLowerCase().split(" ").some((part, place, parts) => parts.slice(place).join(" ").startsWith(word.toLowerCase())));
  if (!found.length) return close();
  open(area, at, found.slice(0, MOST));
}

function people() {
  return [...document.querySelectorAll("#talk-people li")].map((item) => item.dataset);
}

function open(area, at, found) {
  field = area;
  start = at;
  shown = found;
  chosen = 0;
  let list = document.getElementById(LIST);
  if (!list) {
    list = document.createElement("ul");
    list.id = LIST;
    list.className = "pop talk-at-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "@");
    list.addEventListener("pointerdown", (event) => {
      const item = event.target.closest("[role=option]");
      event.preventDefault();
      if (item) take(Number(item.dataset.place));
    });
  }
  area.parentElement.append(list);
  list.replaceChildren(...found.map(option));
  area.setAttribute("aria-controls", LIST);
  say(String(found.length));
  mark();
}

function option({ name, part }, place) {
  const item = document.createElement("li");
  item.id = `${LIST}-${place}`;
  item.dataset.place = place;
  item.setAttribute("role", "option");
  const strong = document.createElement("b");
  strong.textContent = name;
  const small = document.createElement("span");
  small.textContent = part;
  item.append(strong, " ", small);
  return item;
}

function mark() {
  document.querySelectorAll(`#${LIST} [role=option]`).forEach((item, place) => {
    item.setAttribute("aria-selected", String(place === chosen));
    if (place === chosen) item.scrollIntoView({ block: "nearest" });
  });
  field.setAttribute("aria-activedescendant", `${LIST}-${chosen}`);
}

function onKey(event) {
  if (!field || event.target !== field || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen = (chosen + step + shown.length) % shown.length;
  else if (event.key === "Enter" || event.key === "Tab") take(chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (step) mark();
}

function take(place) {
  const area = field;
  const name = `@${shown[place].name} `;
  area.setRangeText(name, start, area.selectionStart, "end");
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  say(name);
}

function say(words) {
  const line = document.getElementById("talk-say");
  if (line) line.textContent = words;
}

function close() {
  document.getElementById(LIST)?.remove();
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
  field = null;
}
