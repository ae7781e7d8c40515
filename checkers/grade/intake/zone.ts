/** Times of exports that do not tell their zone. */

const OFFSET = /^(?:Z|[+-]\d\d:?\d\d)$/;

/** Whether a word names a zone: 'Europe/Berlin', '+02:00', 'Z'. */
export function isZone(word: string): boolean {
  if (OFFSET.test(word)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: word });
    return true;
  } catch {
    return false;
  }
}

/** The zone of this machine: 'Europe/Berlin'. */
export function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
}

/**
 * The moment that a clock in a zone shows.
 *
 * @param at ISO 8601; with a zone of its own, that one counts
 * @returns ISO 8601 in UTC; null: there is no such time
 */
export function momentOf(at: string, zone: string): string | null {
  const own = /(?:Z|[+-]\d\d:?\d\d)$/.test(at.slice(10));
  const ms = own ? Date.parse(at) : OFFSET.test(zone) ? Date.parse(`${at}${zone}`) : inZone(at, zone);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Where a clock is set back, the earlier of two moments; where it is set forward, the moment an hour later. */
function inZone(at: string, zone: string): number {
  const shown = Date.parse(`${at}Z`);
  if (Number.isNaN(shown)) return shown;
  const offsets = [shown - 86_400_000, shown + 86_400_000].map((ms) => offsetAt(ms, zone));
  const fitting = offsets.map((offset) => shown - offset).filter((ms) => ms + offsetAt(ms, zone) === shown);
  return fitting.length > 0 ? Math.min(...fitting) : shown - (offsets[0] ?? 0);
}

/** What a clock in the zone is ahead of UTC, in ms. */
function offsetAt(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as Intl.DateTimeFormatOptions);
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
