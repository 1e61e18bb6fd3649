// The colours of the drawing, read from the legend, so that they follow the theme; and how each kind is drawn.

export const DASHES = { crit: [8, 3], warn: [3, 3], goal: [12, 3, 2, 3] };
const STATUS = { ok: "--ok-solid", watch: "--watch-solid", bad: "--bad-solid", run: "--run-solid", block: "--bad-solid", stale: "--stale-solid" };

/** The colour of a kind of line or mark, as the browser has worked it out. */
export function ink(name) {
  const sample = document.querySelector(`[data-ink="${name}"]`);
  return getComputedStyle(sample ?? document.body).color;
}

/** The colour of a status; colours of a theme are known only to an element. */
export function statusInk(status) {
  const probe = document.createElement("i");
  probe.style.color = `var(${STATUS[status] ?? "--ink-solid"})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** One mark of the time axis: a shape for what it is about, centred at x, y; r is half its height. */
export function shape(context, group, x, y, r) {
  context.beginPath();
  if (group === "step") {
    context.moveTo(x - r, y - r); context.lineTo(x + r, y - r); context.lineTo(x, y + r);
  } else if (group === "escalation") {
    context.moveTo(x, y - r); context.lineTo(x + r, y); context.lineTo(x, y + r); context.lineTo(x - r, y);
  } else if (group === "alarm") {
    context.rect(x - r * .85, y - r * .85, r * 1.7, r * 1.7);
  } else {
    const t = r / 3;
    for (const [px, py] of [[-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t], [-r, -t], [-t, -t]]) context.lineTo(x + px, y + py);
  }
  context.closePath();
  context.fill();
}
