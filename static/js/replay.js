// Plays a past event: the slider is the clock, the server says what the board said at that instant.
(() => {
  "use strict";
  const bar = document.getElementById("replay");
  if (!bar) return;
  const slider = document.getElementById("replay-slider");
  const button = document.getElementById("replay-play");
  const time = document.getElementById("replay-time");
  const board = document.getElementById("replay-state");
  const trouble = document.getElementById("replay-trouble");
  const list = document.querySelector(".ry-list");
  const moments = [...document.querySelectorAll("[data-moment]")].map((link) => ({ link, at: Date.parse(link.dataset.moment) }));
  const start = Date.parse(bar.dataset.start);
  const end = Date.parse(bar.dataset.end);
  const MINUTE = 60_000;
  const EVERY_MS = 700;
  const language = document.documentElement.lang === "ko" ? "ko" : "en-GB";
  const format = new Intl.DateTimeFormat(language, {
    timeZone: bar.dataset.zone, weekday: "short", year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const zoneFormat = new Intl.DateTimeFormat("en-GB", { timeZone: bar.dataset.zone, timeZoneName: "longOffset" });
  const offset = (instant) => zoneFormat.formatToParts(instant).find((part) => part.type === "timeZoneName").value;
  // Browsers call Seoul's zone GMT+9; the server's word for it holds until the clocks are changed.
  const zoneWord = (instant) => (offset(instant) === offset(start) ? bar.dataset.word : offset(instant));
  let at = Date.parse(bar.dataset.at);
  let shown = at;
  let isPlaying = false;
  let before = 0;
  let isAsking = false;
  let askedAt = 0;
  let marked = null;

  const speed = () => Number(bar.querySelector("[name=speed]:checked")?.value || 1);
  const iso = (instant) => new Date(Math.round(instant / 1000) * 1000).toISOString().replace(".000", "");

  const draw = () => {
    slider.value = String(Math.round((at - start) / 1000));
    const text = `${format.format(at).replaceAll(",", "")} ${zoneWord(at)}`;
    time.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    let current = null;
    for (const one of moments) if (one.at <= at && (!current || one.at >= current.at)) current = one;
    if (current === marked) return;
    marked?.link.removeAttribute("aria-current");
    current?.link.setAttribute("aria-current", "true");
    marked = current;
    // Only the list scrolls, never the page under the reader's eyes.
    if (current && !list.matches(":hover, :focus-within")) list.scrollTop = current.link.offsetTop - list.clientHeight / 2;
  };

  const show = async () => {
    if (isAsking || shown === at) return;
    isAsking = true;
    const wanted = at;
    askedAt = performance.now();
    board.setAttribute("aria-busy", "true");
    try {
      const query = new URLSearchParams({ at: iso(wanted), from: bar.dataset.from, to: bar.dataset.to });
      const answer = await fetch(`${bar.dataset.url}?${query}`, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const focused = board.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      board.innerHTML = await answer.text();
      board.dataset.shown = iso(wanted);
      if (focused) board.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      shown = wanted;
      trouble.hidden = true;
    } catch {
      shown = wanted;
      trouble.hidden = false;
      play(false);
    }
    board.removeAttribute("aria-busy");
    isAsking = false;
    if (!isPlaying && shown !== at) show();
    if (!isPlaying) remember();
  };

  const remember = () => {
    const address = new URL(location.href);
    address.searchParams.set("at", iso(at));
    history.replaceState(null, "", address);
  };

  const go = (instant) => {
    at = Math.min(Math.max(instant, start), end);
    draw();
    if (!isPlaying || performance.now() - askedAt > EVERY_MS) show();
  };

  const play = (wanted) => {
    isPlaying = wanted;
    button.textContent = wanted ? button.dataset.pause : button.dataset.play;
    button.setAttribute("aria-pressed", String(wanted));
    if (!wanted) return void show();
    if (at >= end) at = start;
    before = performance.now();
    requestAnimationFrame(tick);
  };

  const tick = (now) => {
    if (!isPlaying) return;
    at = Math.min(at + Math.max(0, now - before) * speed(), end);
    before = now;
    draw();
    if (now - askedAt > EVERY_MS) show();
    if (at >= end) return play(false);
    requestAnimationFrame(tick);
  };

  const step = (direction) => {
    const sorted = moments.map((one) => one.at).sort((a, b) => a - b);
    const next = direction > 0 ? sorted.find((one) => one > at) : sorted.findLast((one) => one < at);
    if (next !== undefined) go(next);
  };

  button.addEventListener("click", () => play(!isPlaying));
  slider.addEventListener("input", () => go(start + Number(slider.value) * 1000));
  for (const one of moments) {
    one.link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(one.at);
    });
  }

  const keys = {
    " ": () => play(!isPlaying),
    ArrowLeft: (event) => go(at - (event.shiftKey ? 10 : 1) * MINUTE),
    ArrowRight: (event) => go(at + (event.shiftKey ? 10 : 1) * MINUTE),
    Home: () => go(start),
    End: () => go(end),
    "[": () => step(-1),
    "]": () => step(1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const held = document.activeElement;
    const isSlider = held === slider;
    if (!isSlider && document.body.dataset.keys === "off") return;
    const isSpeed = held?.name === "speed" && !event.key.startsWith("Arrow");
    if (!isSlider && !isSpeed && held?.closest("input, textarea, select, [contenteditable]") && !["[", "]"].includes(event.key)) return;
    if (event.key === " " && held?.closest("button, summary")) return; // their own key
    if (held?.matches(".ry-list") && ["Home", "End"].includes(event.key)) return; // scrolls it
    const choice = bar.querySelectorAll("[name=speed]")[Number(event.key) - 1];
    const act = keys[event.key] || (/^[1-4]$/.test(event.key) && choice ? () => { choice.checked = true; } : null);
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  document.getElementById("replay-controls").hidden = false;
  draw();
})();
