// The worked-out columns as one types: the twins of workbook/formulas.py, held together by formula_vectors.json.
// Exact like there: a number is a whole numerator over a power of ten, never a float.

// {n, d}: a fraction of big integers, d above zero; null for anything that is no number.
export function number(text) {
  const tidy = String(text ?? "").normalize("NFKC").replace("−", "-").trim().replace(/%$/, "").trim();
  const bare = /^[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?$/.test(tidy) ? tidy.replace(/[, ]/g, "") : tidy;
  const found = /^([+-]?)(\d{0,15})(?:\.(\d{0,9}))?$/.exec(bare);
  if (!found || (found[2] === "" && !found[3])) return null;
  const digits = found[3] ?? "";
  const n = BigInt((found[2] + digits) || "0");
  return { n: found[1] === "-" ? -n : n, d: 10n ** BigInt(digits.length) };
}

const times = (a, b) => ({ n: a.n * b.n, d: a.d * b.d });
const plus = (a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const minus = (a, b) => plus(a, { n: -b.n, d: b.d });
const over = (a, b) => (b.n < 0n ? { n: -a.n * b.d, d: a.d * -b.n } : { n: a.n * b.d, d: a.d * b.n });
const compare = (a, b) => a.n * b.d - b.n * a.d;
const of = (whole) => ({ n: BigInt(whole), d: 1n });
const up = ({ n, d }) => (n > 0n ? (n + d - 1n) / d : n / d);

// Half to even, as Decimal.quantize does.
function rounded({ n, d }, places) {
  const scaled = n * 10n ** BigInt(places);
  const sign = scaled < 0n ? -1n : 1n;
  const whole = (scaled * sign) / d;
  const twice = (scaled * sign - whole * d) * 2n;
  return sign * (twice > d || (twice === d && whole % 2n === 1n) ? whole + 1n : whole);
}

function written(value, places, isBare = true) {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  const tidy = isBare && places ? text.replace(/\.?0+$/, "") : text;
  return /[1-9]/.test(tidy) ? sign + tidy : tidy;
}

function withMargin(need, margin) {
  return need && margin ? String(up(times(need, plus(of(1), over(margin, of(100)))))) : null;
}

function leftOfHundred(share) {
  return share ? written(rounded(minus(of(100), share), 9), 9) : null;
}

export const FORMULAS = {
  quota_request: (row) => withMargin(number(row.q_need), number(row.q_margin)),
  quota_gap(row) {
    const [applied, need, request] = [number(row.q_applied), number(row.q_need), FORMULAS.quota_request(row)];
    if (!applied || !need || request === null) return null;
    if (compare(applied, of(request)) >= 0n) return "OK";
    return compare(need, applied) > 0n ? "SHORT" : "TIGHT";
  },
  peak_multiple(row) {
    const [event, normal] = [number(row.tf_event_peak), number(row.tf_normal_peak)];
    if (!event || !normal || normal.n === 0n) return null;
    const value = over(event, normal);
    return compare(value, of(10 ** 9)) < 0n ? written(rounded(value, 2), 2) : written(rounded(value, 0), 0);
  },
  build_for: (row) => withMargin(number(row.tf_event_peak), number(row.tf_headroom)),
  write_share: (row) => leftOfHundred(number(row.tf_rw)),
  utilisation_left: (row) => leftOfHundred(number(row.bn_forecast)),
  risk_score(row) {
    const [probability, impact] = [number(row.rk_prob), number(row.rk_impact)];
    return probability && impact ? written(rounded(times(probability, impact), 0), 0) : null;
  },
};

// How much of a quota is left at the peak in whole percent, or what is missing; null while something is unknown.
export function headroom(row) {
  const [applied, need, usage] = [number(row.q_applied), number(row.q_need), number(row.q_usage)];
  if (!applied || applied.n === 0n || !need) return null;
  const width = (part) => Math.min(Number(rounded(times(over(part, applied), of(80)), 2)) / 100, 100).toFixed(2);
  const short = minus(need, applied);
  const left = times(over(minus(applied, need), applied), of(100));
  const floor = left.n < 0n && left.n % left.d !== 0n ? left.n / left.d - 1n : left.n / left.d;
  return {
    used: width(usage ?? of(0)),
    peak: width(need),
    percentLeft: String(floor),
    shortOf: short.n > 0n ? grouped(written(rounded(short, 9), 9)) : "",
  };
}

export function grouped(text) {
  const [whole, rest] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
}
