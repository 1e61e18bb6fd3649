// Times of the axis and the reading, in a zone that is always named.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

/** "01:14" in the zone; `at` in seconds since the epoch. */
export function clock(at, zone, withSeconds = false) {
  return format(zone, { hour: "2-digit", minute: "2-digit", ...(withSeconds && { second: "2-digit" }) }).format(at * 1000);
}

/** "2026-11-22" in the zone. */
export function day(at, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at * 1000);
}

let abbreviations = {};

/** What the portal calls each zone at `at`, "KST" for "Asia/Seoul": browsers know only their own country's names. */
export function learn(names, at) {
  abbreviations = Object.fromEntries(Object.entries(names).map(([zone, name]) => [zone, { name, offset: offset(at, zone) }]));
}

const offset = (at, zone) => format(zone, { hour: "2-digit", timeZoneName: "shortOffset" }).formatToParts(at * 1000).find((part) => part.type === "timeZoneName")?.value ?? zone;

/** "KST", or the distance from UTC where the clocks are changed between then and what was learnt. */
export function zoneName(at, zone) {
  const learnt = abbreviations[zone];
  const there = offset(at, zone);
  return learnt?.offset === there ? learnt.name : there;
}

/** Whether two zones show the same clock at that instant. */
export function isAlike(at, one, other) {
  return day(at, one) === day(at, other) && clock(at, one) === clock(at, other);
}

/** Labels for the splits of an axis: the clock, with the day where it changes. */
export function labels(splits, zone) {
  let before = "";
  return splits.map((at) => {
    const today = day(at, zone);
    const text = today === before || (before === "" && splits.length > 1 && day(splits.at(-1), zone) === today)
      ? clock(at, zone) : `${clock(at, zone)}\n${today.slice(5)}`;
    before = today;
    return text;
  });
}
