// Tiles are carried to their place with pointer or finger; the buttons do the same without. Each drop saves.
(() => {
  "use strict";
  const form = document.getElementById("arrange");
  if (!form) return;
  const list = form.querySelector(".arr");
  let held = null;

  // After a save the row that was moved has the focus again.
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.focus({ preventScroll: false });

  form.classList.add("has-drag");
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".arr-g");
    if (!grip || event.button) return;
    event.preventDefault();
    held = grip.closest("li");
    held.classList.add("is-held");
    grip.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    for (const row of list.children) {
      if (row === held) continue;
      const { top, height } = row.getBoundingClientRect();
      if (event.clientY < top || event.clientY > top + height) continue;
      if (event.clientY < top + height / 2) row.before(held);
      else row.after(held);
      break;
    }
  });
  const drop = (isSaved) => {
    if (!held) return;
    const row = held;
    held = null;
    row.classList.remove("is-held");
    if (!isSaved) return;
    form.elements.dropped.value = row.id.replace("tile-", "");
    form.requestSubmit();
  };
  list.addEventListener("pointerup", () => drop(true));
  list.addEventListener("pointercancel", () => drop(false));
})();
