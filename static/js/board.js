// The board: one dialog for acting on a step, single keys for the current step, and a draft that is never lost.
(() => {
  "use strict";
  const dialog = document.getElementById("step-dialog");
  const body = document.getElementById("step-dialog-body");

  // The server fills the dialog (a form, a refusal, a conflict); filled means open, empty means closed.
  if (dialog && body) {
    new MutationObserver(() => {
      if (body.children.length && !dialog.open) {
        dialog.showModal();
        dialog.querySelector("[aria-invalid=true], input:not([type=hidden]), textarea, button")?.focus();
      }
    }).observe(body, { childList: true });
    dialog.addEventListener("close", () => body.replaceChildren());
    dialog.addEventListener("click", (event) => {
      const isOutside = event.target === dialog;
      if (isOutside || event.target.closest("[data-close-dialog]")) {
        event.preventDefault();
        dialog.close();
      }
    });
  }

  // 204 means done: the stream brings the new tiles; without a live stream the page is read again.
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail?.ctx?.response;
    const status = answer?.status ?? answer?.raw?.status;
    if (status !== 204) return;
    dialog?.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    const state = document.querySelector("[data-live-state]")?.dataset.liveState;
    if (state !== "live") location.reload();
  });

  // D, B and N act on the current step; off in fields, behind a dialog, with modifiers, or when turned off (WCAG 2.1.4).
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const button = document.querySelector(`#tile-step [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button || !button.checkVisibility()) return;
    event.preventDefault();
    button.click();
  });
  // A link that opens the dialog is a button: Space works on it too.
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.("a[role=button]");
    if (link && event.key === " ") { event.preventDefault(); link.click(); }
  });

  // The text of a status update is kept for this tab until it is sent.
  const drafts = () => document.querySelector("form[data-draft]");
  const restore = () => {
    const form = drafts();
    if (!form || form.dataset.restored) return;
    form.dataset.restored = "1";
    if ("sent" in form.dataset) { sessionStorage.removeItem(form.dataset.draft); return; }
    const kept = sessionStorage.getItem(form.dataset.draft);
    if (kept && !form.elements.text.value && !form.elements.text_other?.value) {
      const draft = JSON.parse(kept);
      form.elements.text.value = draft.text;
      form.elements.audience.value = draft.audience;
      if (draft.state) form.elements.state.value = draft.state;
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    const { text, state, audience } = form.elements;
    sessionStorage.setItem(form.dataset.draft, JSON.stringify({ text: text.value, state: state.value, audience: audience.value }));
  });
  // A save that waited for the one before goes out with the words and the version of now; after sending, not at all.
  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement, request } = event.detail?.ctx ?? {};
    if (sourceElement?.id !== "draft-kept") return;
    if (sourceElement.isConnected) request.body = new URLSearchParams(new FormData(sourceElement.closest("form")));
    else event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", restore);
  restore();
})();
