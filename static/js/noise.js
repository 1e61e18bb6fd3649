// E on a focused signal of the board opens its escalation with everything known filled in; Enter sends it.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "e" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    const link = document.activeElement?.closest("[data-signal]")?.querySelector("[data-escalate]");
    if (!link || !link.checkVisibility()) return;
    event.preventDefault();
    link.click();
  });
})();
