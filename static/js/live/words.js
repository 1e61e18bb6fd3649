// How spans of time are written and spoken in the page's language.

const WORDS = {
  en: {
    s: "s", min: "min", h: "h", d: "d",
    ago: (span) => `${span} ago`,
    now: "now",
    half: (what, left) => `${what}: half of the time is left, ${left}.`,
    minute: (what) => `${what}: one minute left.`,
    breach: (what) => `${what}: time is over.`,
    clock: "Clock",
    stale: "Live updates are late. Values on this page may be old.",
    lost: "Live updates lost. Values on this page are old.",
    live: "Live again.",
  },
  ko: {
    s: "초", min: "분", h: "시간", d: "일",
    ago: (span) => `${span} 전`,
    now: "방금",
    half: (what, left) => `${what}: 시간이 절반 남았습니다. ${left} 남음.`,
    minute: (what) => `${what}: 1분 남았습니다.`,
    breach: (what) => `${what}: 기한이 지났습니다.`,
    clock: "시계",
    stale: "실시간 갱신이 늦어지고 있습니다. 이 화면의 값이 오래되었을 수 있습니다.",
    lost: "실시간 연결이 끊겼습니다. 이 화면의 값은 오래되었습니다.",
    live: "다시 실시간입니다.",
  },
};

const language = document.documentElement.lang.startsWith("ko") ? "ko" : "en";
const glue = language === "ko" ? "" : " ";
export const words = WORDS[language];

const pad = (number) => String(number).padStart(2, "0");

/** "4 s", "6 min 12 s", "2 h 51 min", "3 d 4 h": the two largest units that are not zero. */
export function span(seconds) {
  const total = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(total / 86400), "d"],
    [Math.floor(total / 3600) % 24, "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${glue}${words.s}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${glue}${words[unit]}`)
    .join(" ");
}

/** "04:18" under one hour, "2:51:10" from one hour on. */
export function countdown(seconds) {
  const total = Math.floor(Math.abs(seconds));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${pad(m)}:${pad(s)}`;
}

/** "02:14:37"; from four days on "16 d 04:12:09". */
export function count(seconds) {
  const total = Math.floor(Math.abs(seconds));
  const days = total >= 4 * 86400 ? Math.floor(total / 86400) : 0;
  const rest = total - days * 86400;
  const clock = `${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}`;
  return days ? `${days}${glue}${words.d} ${clock}` : clock;
}
