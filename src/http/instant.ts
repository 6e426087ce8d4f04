// RFC 3339 timestamps, parsed strictly: text that only resembles one is refused with the reason.
// https://www.rfc-editor.org/rfc/rfc3339#section-5.6

export type Instant =
  { readonly ok: true; readonly time: number } | { readonly ok: false; readonly message: string };

const hourAndMinute = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const pattern = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\d)[Tt](${hourAndMinute}):([0-5]\\d|60)` +
    `(?:\\.(\\d+))?([Zz]|[+-]${hourAndMinute})$`,
);

/** What is left of `+02:00` where a query is not percent-encoded. */
const lostPlus = /^\d{4}-\d\d-\d\d[Tt][\d:.]+ \d\d:\d\d$/;

const dayMs = 24 * 60 * 60 * 1_000;
const form = "A date and time of RFC 3339, with Z or an offset.";
const refused: Instant = { ok: false, message: form };

/** The first ms of the second after a leap second, which is how clocks without leap seconds count
 *  it; undefined if none can be there: they end the last day of a month, in UTC. */
function afterLeapSecond(start: number): number | undefined {
  const next = start + 1_000;
  return next % dayMs === 0 && new Date(next).getUTCDate() === 1 ? next : undefined;
}

/** The platform takes 30 February for 2 March, and has no thirteenth month. */
function isDate(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/** Ms since the epoch. What lies between two milliseconds is the later one: records have whole
 *  ones, so that an inclusive start and an exclusive end both mean it. */
export function readInstant(text: string): Instant {
  if (lostPlus.test(text)) {
    return { ok: false, message: `${form} In a query, a + is sent as %2B.` };
  }
  const match = pattern.exec(text);
  if (!match) return refused;
  const [, date = "", minute, second = "", fraction = "", zone = ""] = match;
  if (!isDate(date)) return refused;

  const isLeap = second === "60";
  const lastSecond = isLeap ? "59" : second;
  const start = Date.parse(`${date}T${minute}:${lastSecond}${zone.toUpperCase()}`);
  const whole = isLeap ? afterLeapSecond(start) : start;
  if (whole === undefined) return refused;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return { ok: true, time: whole + milliseconds + (/[1-9]/.test(fraction.slice(3)) ? 1 : 0) };
}
