// One metric as a chart: firm and provisional values, gaps as gaps, limits as lines, events on the time axis.

import { DASHES, ink, shape, statusInk } from "./chart/inks.js";
import { save } from "./chart/picture.js";
import { clock, day, isAlike, labels, learn, zoneName } from "./chart/zones.js";

const AGAIN_MS = 15000;
const HEIGHT = 380;
const MARK_PX = 12; // how near the pointer must be to a mark for its words

const box = document.getElementById("chart");
const reading = document.getElementById("ch-read");
let plot = null;
let data = null;
let place = null;

if (box) begin();

async function begin() {
  await read();
  setInterval(read, AGAIN_MS);
  new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  box.addEventListener("keydown", onKey);
  const button = document.getElementById("ch-png");
  button.hidden = false;
  button.addEventListener("click", () => plot && save(plot.ctx.canvas, words(), devicePixelRatio));
}

async function read() {
  try {
    const answer = await fetch(box.dataset.points, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    data = await answer.json();
    learn(data.zoneNames, data.end);
    box.classList.remove("is-old");
    if (reading.dataset.old) { reading.textContent = ""; delete reading.dataset.old; }
  } catch {
    box.classList.add("is-old");
    reading.textContent = box.dataset.wordOld;
    reading.dataset.old = "1";
    return;
  }
  tell();
  if (plot) plot.setData(columns(), !isZoomed());
  else draw();
}

// The words around the chart go on with its data.
function tell() {
  const value = document.getElementById("ch-value");
  const age = document.getElementById("ch-age");
  if (value) value.textContent = data.value ?? "—";
  if (age && data.dataUntil) age.dataset.ageOf = data.dataUntil;
  if (data.dataUntilText) document.getElementById("ch-until").textContent = data.dataUntilText;
}

function columns() {
  const { t, firm, soft, lone, part } = data.columns;
  return t.length ? [t, firm, soft, lone, part] : [[data.start, data.end], ...Array.from({ length: 4 }, () => [null, null])];
}

function valueAt(i) {
  const { firm, soft, lone, part } = data.columns;
  return firm[i] ?? lone[i] ?? soft[i] ?? part[i];
}

const isZoomed = () => Boolean(plot?.zoomed);

function draw() {
  if (!data) return;
  plot?.destroy();
  box.querySelector("noscript")?.remove();
  const text = getComputedStyle(box).color;
  const grid = { stroke: ink("gap"), width: 1 };
  const axis = { stroke: text, grid, ticks: grid, font: `12px ${getComputedStyle(document.body).fontFamily}` };
  const mine = box.dataset.readerZone;
  const axes = [{ ...axis, values: (_, splits) => labels(splits, data.zone), label: zoneName(data.end, data.zone), labelSize: 18, labelFont: axis.font }];
  if (mine && !isAlike(data.end, mine, data.zone)) {
    axes.push({ ...axis, scale: "x", side: 2, grid: { show: false }, values: (_, splits) => labels(splits, mine), label: `${zoneName(data.end, mine)} (${mine})`, labelSize: 18, labelFont: axis.font });
  }
  axes.push({ ...axis, scale: "y", side: 3, size: (u, values) => 16 + 7.2 * Math.max(3, ...(values ?? []).map((one) => one.length)) });
  const dot = (stroke, fill) => ({ paths: () => null, points: { show: true, size: 7, stroke, fill } });
  const line = (stroke, dash) => ({ stroke, width: 2, dash, spanGaps: false, points: { show: false } });
  plot = new window.uPlot({
    width: box.clientWidth,
    height: HEIGHT,
    padding: [26, 16, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 8 } },
    tzDate: (at) => window.uPlot.tzDate(new Date(at * 1e3), data.zone),
    scales: { x: { range: (u, low, high) => (u.zoomed ? [low, high] : [data.start, data.end]) }, y: { range: height } },
    axes,
    series: [{}, line(ink("firm")), line(ink("soft"), [4, 3]), dot(ink("firm"), ink("firm")), dot(ink("soft"), getComputedStyle(box.closest(".panel")).backgroundColor)],
    hooks: {
      drawClear: [gaps],
      draw: [limits, late, marks],
      setCursor: [(u) => { if (u.cursor.idx !== place) { place = u.cursor.idx; say(); } }],
      setSelect: [(u) => { u.zoomed = u.select.width > 0; }],
    },
  }, columns(), box);
  plot.over.addEventListener("dblclick", whole);
}

// The axis holds every value and every line, with a tenth of room.
function height(u, low, high) {
  const values = data.lines.map((one) => one.value);
  if (low !== null) values.push(low, high);
  if (!values.length) return [0, 1];
  const [bottom, top] = [Math.min(...values), Math.max(...values)];
  const room = (top - bottom) * .1 || Math.abs(top) * .1 || 1;
  return [bottom >= 0 ? Math.max(0, bottom - room) : bottom - room, top + room];
}

// Where there is nothing, that is what is drawn: between buckets, and from the newest one on once it is old.
function gaps(u) {
  const { t, firm, soft, lone, part } = data.columns;
  const found = t.flatMap((at, i) => (firm[i] ?? soft[i] ?? lone[i] ?? part[i] ?? null) === null && i + 1 < t.length ? [[at, t[i + 1]]] : []);
  const until = data.dataUntil ? Date.parse(data.dataUntil) / 1000 : data.start;
  if (data.state === "stale" || data.state === "never") found.push([Math.max(until, data.start), data.end]);
  u.ctx.save();
  u.ctx.fillStyle = ink("gap");
  for (const [from, to] of found) {
    const left = Math.max(u.valToPos(from, "x", true), u.bbox.left);
    const right = Math.min(u.valToPos(to, "x", true), u.bbox.left + u.bbox.width);
    if (right > left) u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  }
  u.ctx.restore();
}

function limits(u) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  for (const one of data.lines) {
    const y = Math.round(u.valToPos(one.value, "y", true)) + .5;
    if (y < bbox.top - 1 || y > bbox.top + bbox.height + 1) continue;
    ctx.strokeStyle = ink(one.kind);
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash(DASHES[one.kind].map((length) => length * ratio));
    ctx.beginPath(); ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); ctx.stroke();
    ctx.fillStyle = getComputedStyle(box).color;
    ctx.fillText(one.label, bbox.left + bbox.width - 6 * ratio, y - 3 * ratio, bbox.width / 2);
  }
  ctx.restore();
}

// A value that came later than usual carries a stroke, however long ago that was.
function late(u) {
  const { t, late } = data.columns;
  const ratio = devicePixelRatio;
  u.ctx.save();
  u.ctx.strokeStyle = ink("late");
  u.ctx.lineWidth = 1.5 * ratio;
  u.ctx.beginPath();
  t.forEach((at, i) => {
    if (late[i] === null) return;
    const x = Math.round(u.valToPos(at, "x", true)) + .5;
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
    const y = u.valToPos(valueAt(i), "y", true);
    u.ctx.moveTo(x, y - 2 * ratio); u.ctx.lineTo(x, y - 12 * ratio);
  });
  u.ctx.stroke();
  u.ctx.restore();
}

function marks(u) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  const line = (at, colour, dash, top) => {
    const x = Math.round(u.valToPos(at, "x", true)) + .5;
    if (x < bbox.left || x > bbox.left + bbox.width) return null;
    ctx.strokeStyle = colour;
    ctx.lineWidth = ratio;
    ctx.setLineDash(dash);
    ctx.beginPath(); ctx.moveTo(x, top); ctx.lineTo(x, bbox.top + bbox.height); ctx.stroke();
    return x;
  };
  const text = getComputedStyle(box).color;
  const zero = line(data.t0, text, [], bbox.top);
  if (zero !== null) { ctx.fillStyle = text; ctx.textAlign = "left"; ctx.textBaseline = "alphabetic"; ctx.font = `600 ${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`; ctx.fillText("T0", zero + 4 * ratio, bbox.top + 14 * ratio); }
  for (const mark of data.marks) {
    const colour = statusInk(mark.status);
    const x = line(mark.at, ink("step"), [ratio, 3 * ratio], bbox.top - 6 * ratio);
    if (x === null) continue;
    ctx.fillStyle = colour;
    shape(ctx, mark.group, x, bbox.top - 12 * ratio, 6 * ratio);
  }
  ctx.restore();
}

// One value in words: time in the event's zone and the reader's, value, whether it may change, and what happened there.
function say() {
  if (reading.dataset.old) return;
  const { t, firm, soft, part, late } = data.columns;
  if (place === null || place === undefined || t[place] === undefined) { reading.textContent = ""; return; }
  const at = t[place];
  const value = valueAt(place);
  const mine = box.dataset.readerZone;
  const when = [`${clock(at, data.zone, true)} ${zoneName(at, data.zone)}`];
  if (mine && !isAlike(at, mine, data.zone)) when.push(`${clock(at, mine, true)} ${zoneName(at, mine)}`);
  const number = value === null || value === undefined ? box.dataset.wordNone : `${value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 6 })} ${data.unit}`.trim();
  const note = part[place] !== null && value === part[place] ? box.dataset.wordFilling : soft[place] !== null && firm[place] === null ? box.dataset.wordProvisional : "";
  const delay = late[place] === null ? "" : box.dataset.wordLate.replace("%", `${Math.floor(late[place] / 60)}:${String(late[place] % 60).padStart(2, "0")}`);
  const notes = [note, delay].filter(Boolean).join(", ");
  const reach = plot.posToVal(MARK_PX, "x") - plot.posToVal(0, "x");
  const near = data.marks.filter((mark) => Math.abs(mark.at - at) <= reach).slice(0, 3);
  reading.textContent = [when.join(" · "), notes ? `${number} (${notes})` : number, ...near.map((mark) => `${clock(mark.at, data.zone)} ${mark.text}`)].join("  |  ");
}

function onKey(event) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return whole();
  if (!(event.key in steps)) return;
  event.preventDefault();
  const last = data.columns.t.length - 1;
  const from = plot.cursor.idx ?? (event.key === "ArrowLeft" ? last + 1 : -1);
  const next = Math.min(last, Math.max(0, from + steps[event.key]));
  if (last < 0) return;
  plot.setCursor({ left: plot.valToPos(data.columns.t[next], "x"), top: plot.over.clientHeight / 2 });
}

function whole() {
  plot.zoomed = false;
  plot.setScale("x", { min: data.start, max: data.end });
}

function words() {
  const from = `${day(data.start, data.zone)} ${clock(data.start, data.zone)}`;
  const to = `${day(data.end, data.zone)} ${clock(data.end, data.zone)} ${zoneName(data.end, data.zone)}`;
  const until = data.dataUntilText ? `${box.dataset.wordUntil} ${data.dataUntilText}` : box.dataset.wordNone;
  return {
    title: `${data.title}${data.unit ? ` (${data.unit})` : ""} · ${box.dataset.name}`,
    span: `${from} – ${to} (${data.zone}) · ${until}`,
    source: data.source,
    file: `${data.title}-${day(data.end, data.zone)}`.replace(/[^\p{L}\p{N}.-]+/gu, "_"),
  };
}
