// Writing to AWS Support: counts characters as they are typed.
(() => {
  "use strict";
  for (const area of document.querySelectorAll("textarea[data-count]")) {
    const out = document.querySelector(`output[for="${CSS.escape(area.id)}"]`);
    if (!out) continue;
    const most = Number(area.dataset.count);
    const show = () => {
      // Code points, as the server counts them; a line end is one character on both sides.
      const length = [...area.value].length;
      out.textContent = out.dataset.text.replace("{n}", length.toLocaleString(document.documentElement.lang));
      out.classList.toggle("sc-over", length > most);
    };
    area.addEventListener("input", show);
    show();
  }
})();
