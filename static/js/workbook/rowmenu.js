// The menu of a row: everything that can be done to it, by mouse, finger or keyboard.

const EDGE_PX = 8;

export class RowMenu {
  constructor(menu, act) {
    this.menu = menu;
    this.act = act;
    document.addEventListener("click", (event) => {
      const opener = event.target.closest?.("[data-row-menu]");
      if (!opener || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open(opener.closest("tr"), opener);
    });
    menu.addEventListener("click", (event) => {
      const item = event.target.closest("[data-verb]");
      if (!item) return;
      this.menu.hidePopover();
      this.act(item.dataset.verb, this.line);
    });
    menu.addEventListener("keydown", (event) => this.onKey(event));
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "closed" && document.activeElement === document.body) this.origin?.focus();
    });
  }

  open(line, origin) {
    this.line = line;
    this.origin = origin;
    this.menu.querySelector("a").href = line.querySelector("[data-row-menu]").href;
    const isFixed = line.dataset.fixed !== undefined;
    this.menu.querySelectorAll("[data-verb]").forEach((item) => (item.hidden = isFixed && !item.hasAttribute("data-any")));
    this.menu.showPopover();
    this.put(origin.getBoundingClientRect());
    this.menu.querySelector("a").focus();
  }

  put(at) {
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    const left = Math.max(EDGE_PX, Math.min(at.right - width, innerWidth - width - EDGE_PX));
    const isBelow = at.bottom + height + EDGE_PX < innerHeight;
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${isBelow ? at.bottom + 2 : Math.max(EDGE_PX, at.top - height - 2)}px`;
  }

  onKey(event) {
    const items = [...this.menu.querySelectorAll("a, button")].filter((item) => !item.hidden);
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) {
      if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        this.menu.hidePopover();
        this.origin?.focus();
      }
      return;
    }
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  }
}
