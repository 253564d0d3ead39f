// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat(undefined);
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hour12: false });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const SPANS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

export const count = (n) => whole.format(n ?? 0);

export const rate = (n) => (n >= 10 ? whole.format(Math.round(n)) : short.format(n));

export function size(octets) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = octets ?? 0;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : short.format(value)} ${units[unit]}`;
}

export const time = (text) => (text ? clock.format(new Date(text)) : "");

export const date = (text) => (text ? moment.format(new Date(text)) : "");

/** From now: 3 min. ago, in 2 hr. */
export function ago(text) {
  if (!text) {
    return "";
  }
  const seconds = (new Date(text) - Date.now()) / 1000;
  const [unit, span] = SPANS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.round(seconds / span), unit);
}

export function seconds(value) {
  if (value === undefined || value === null) {
    return "";
  }
  if (value < 1) {
    return `${Math.round(value * 1000)} ms`;
  }
  return value < 120 ? `${short.format(value)} s` : `${short.format(value / 60)} min`;
}

export const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;
