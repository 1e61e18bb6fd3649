// A new escalation: a known module brings its own severity and restore target, where nothing was chosen yet.
(() => {
  "use strict";
  const module = document.querySelector("[name=module]");
  const minutes = document.querySelector("[name=restore_target_min]");
  let isOurs = false;
  module?.addEventListener("input", () => {
    const known = [...document.querySelectorAll("#modules option")].find((one) => one.value === module.value);
    if (!known) return;
    if (minutes && (!minutes.value || isOurs)) { minutes.value = known.dataset.minutes; isOurs = true; }
    const severity = document.querySelector(`[name=severity][value="${CSS.escape(known.dataset.severity)}"]:not(:disabled)`);
    if (severity && !document.querySelector("[name=severity]:checked")) severity.checked = true;
  });
  minutes?.addEventListener("input", () => { isOurs = false; });
})();
