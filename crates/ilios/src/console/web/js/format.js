// Numbers, sizes and times in words.

const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const count = (value) => number.format(value);

/** `1 page`, `2 pages`. */
export const many = (value, one, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;

/** A size in decimal units. */
export function bytes(value) {
  if (value < 1000) return `${value} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A duration. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const startOfDay = (time) => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

/** The first and the last moment of a moment's day, where this browser is. */
export function dayRange(text) {
  const time = new Date(text);
  const start = (ahead) => new Date(time.getFullYear(), time.getMonth(), time.getDate() + ahead);
  return { startDate: start(0).toISOString(), endDate: new Date(start(1) - 1).toISOString() };
}

/** The day of a moment, as people call it. */
export function day(text) {
  const time = new Date(text);
  const ago = Math.round((startOfDay(new Date()) - startOfDay(time)) / 86_400_000);
  if (ago === 0) return "Today";
  return ago === 1 ? "Yesterday" : date.format(time);
}

/** The time of the day. */
export const time = (text) => clock.format(new Date(text));

/** Day and time. */
export const when = (text) => `${day(text)}, ${time(text)}`;

/** A moment to the second, for titles. */
export const moment = (text) => exact.format(new Date(text));

/** Millionths of a US cent in dollars. */
export function dollars(microCents) {
  const value = microCents / 100_000_000;
  if (value === 0) return "$0";
  return value < 0.01 ? `$${value.toPrecision(2)}` : `$${value.toFixed(2)}`;
}
