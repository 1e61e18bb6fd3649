// The shell: theme without a reload, "/" and "?" keys, copy buttons, menus that close. Everything here also works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const NEXT = { auto: "light", light: "dark", dark: "auto" };

  // Theme: the form posts as usual when this script is missing.
  const currentTheme = () => root.dataset.theme || "auto";

  function showTheme(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const form of document.querySelectorAll("[data-theme-form]")) {
      const button = form.querySelector("button");
      const words = button.dataset["label" + theme[0].toUpperCase() + theme.slice(1)];
      const label = button.querySelector("[data-theme-label]");
      button.value = NEXT[theme];
      if (label) label.textContent = words;
      else button.setAttribute("aria-label", words);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    const data = new FormData(form);
    const before = currentTheme();
    const theme = form.querySelector("button").value;
    data.set("theme", theme);
    showTheme(theme);
    fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } })
      .then((answer) => { if (!answer.ok) showTheme(before); })
      .catch(() => showTheme(before));
  });

  // Keys. Single letters are off in fields, with modifiers, behind a dialog, and when the reader turned them off (WCAG 2.1.4).
  const keys = document.getElementById("keys");
  const isTyping = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  const openKeys = () => keys && !keys.open && keys.showModal();

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.keys === "off" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); openKeys(); }
    if (event.key === "/") {
      const field = document.querySelector("[data-search], input[type=search]");
      if (field) { event.preventDefault(); field.focus(); field.select?.(); }
    }
  });

  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", openKeys);
  }

  // Copy: <button data-copy="text" data-copied="Copied">; the word changes for two seconds and is read out.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    label.setAttribute("aria-live", "polite");
    label.textContent = button.dataset.copied || before;
    setTimeout(() => { label.textContent = before; }, 2000);
  });

  // A link in the phone menu closes it, so that going back does not find it open.
  const menu = document.getElementById("topnav");
  menu?.addEventListener("click", (event) => {
    if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
  });
})();
