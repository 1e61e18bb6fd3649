// The page of one escalation: keeps its shared parts fresh without taking a focus or a letter, and its keys.
(() => {
  "use strict";
  const isTyping = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

  // Parts are asked for again when the stream says that escalations changed. Forms only while nobody is in them.
  const isBusy = (part) =>
    part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
  document.addEventListener("htmx:after:swap", (event) => {
    const isTile = event.target?.closest?.("#tile-escalations") || event.detail?.ctx?.target?.id === "tile-escalations";
    if (!isTile) return;
    for (const part of document.querySelectorAll("[data-refresh]")) {
      if (part.dataset.refresh === "idle" && isBusy(part)) continue;
      part.dispatchEvent(new Event("refresh"));
    }
  });

  // What was asked for while nobody was there may arrive when somebody is: it stays out, and the next change brings it.
  document.addEventListener("htmx:before:swap", (event) => {
    const part = event.target?.closest?.("[data-refresh=idle]");
    if (part && part === event.target && part.childElementCount && isBusy(part)) event.preventDefault();
  });

  // A single key opens its act and goes to the first field; off in fields, with modifiers, when turned off (WCAG 2.1.4).
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const target = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)].find((one) => one.checkVisibility());
    if (!target) return;
    event.preventDefault();
    if (isTyping(target)) target.focus();
    else {
      target.focus();
      target.click();
    }
  });

  // A link to an act opens it here; without this script the page comes back with it open.
  document.addEventListener("click", (event) => {
    const act = document.getElementById(event.target.closest?.("[data-opens]")?.dataset.opens);
    if (!act) return;
    event.preventDefault();
    act.open = true;
    act.scrollIntoView({ block: "nearest" });
    act.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus();
  });

  // An act that opens by hand takes the focus to its first field; one that was refused, to what is wrong.
  document.addEventListener("toggle", (event) => {
    const act = event.target;
    if (!act.open || !act.matches?.("details.act") || !act.contains(document.activeElement)) return;
    act.querySelector("form :is(input:not([type=hidden]), select, textarea, button)")?.focus();
  }, true);
  // After the load: going to the address's fragment takes the focus away.
  addEventListener("load", () => requestAnimationFrame(() => {
    const wrong = document.querySelector("#main [aria-invalid=true]") ??
      document.querySelector("#main form [role=alert]")?.closest("form").querySelector("input:not([type=hidden]), select, textarea");
    (wrong ?? document.querySelector("[data-first-focus]"))?.focus();
  }));

  // Ctrl and Enter send what is being written.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea") && form?.closest("#main")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
})();
