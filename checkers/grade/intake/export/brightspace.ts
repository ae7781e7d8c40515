/**
 * Brightspace (D2L): `index.html`, and for each attempt a folder `USERID-ATTEMPTID - First Last - Oct 1, 2026 630 PM`; also
 * flat, with ` - proxy.ts` behind that. The times are the server's, without a zone.
 */
import { join } from 'node:path';
import { type Attempt, emptyReading, isFolder, partsIn, type Reader } from './reading.ts';

const NUMBERS = /^(?<id>\d+)-(?<order>\d+) - (?<rest>.+)$/s;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** 'Oct 1, 2026 630 PM', with the narrow spaces of newer servers, or '1 Oct 2026 1830'. */
const TIME =
  /^(?:(?<month>\p{L}+)\.? (?<day>\d{1,2})|(?<day2>\d{1,2}) (?<month2>\p{L}+)\.?),? (?<year>\d{4}),? (?<hour>\d{1,2})[:.]?(?<minute>\d\d)(?: ?(?<half>[AP])\.?M\.?)?$/iu;

/** Reads 'Download' of a Brightspace assignment. */
export const readBrightspace: Reader = (folder, names) => {
  const reading = emptyReading();
  const flat = new Map<string, Attempt>();
  for (const name of names) {
    const { id = '', order, rest = '' } = NUMBERS.exec(name)?.groups ?? {};
    const path = join(folder, name);
    if (order === undefined) continue;
    const parts = rest.split(' - ');
    if (isFolder(path)) {
      const at = parts.length > 1 ? timeOf(parts.at(-1) ?? '') : null;
      const student = (parts.length > 1 ? parts.slice(0, -1) : parts).join(' - ');
      reading.attempts.push({ ...attemptOf(id, student, at, Number(order)), parts: partsIn(path, isOwn) });
    } else {
      const whenAt = parts.findIndex((part) => timeOf(part) !== null);
      const [end, from] = whenAt > 0 ? [whenAt, whenAt + 1] : [1, 1];
      if (parts.length <= from) continue;
      const student = parts.slice(0, end).join(' - ');
      const at = whenAt > 0 ? timeOf(parts[whenAt] ?? '') : null;
      const key = `${id}-${order} ${student} ${at}`;
      const attempt = flat.get(key) ?? attemptOf(id, student, at, Number(order));
      flat.set(key, attempt);
      attempt.parts.push({ name: parts.slice(from).join(' - '), path });
    }
    reading.known.add(name);
  }
  reading.attempts.push(...flat.values());
  if (reading.attempts.length === 0) return null;
  for (const own of ['index.html']) if (names.includes(own)) reading.known.add(own);
  return reading;
};

/** The page of a folder that has a text typed into the system. */
function isOwn(name: string): boolean {
  return name === 'index.html';
}

function attemptOf(id: string, name: string, at: string | null, order: number): Attempt {
  return { id, name, also: [], at, order, late: false, parts: [], texts: [] };
}

/** 'Oct 1, 2026 630 PM' → '2026-10-01T18:30:00'; null for anything else. */
export function timeOf(written: string): string | null {
  const groups = TIME.exec(written.replaceAll(/[\u00a0\u202f]/g, ' ').trim())?.groups;
  if (groups === undefined) return null;
  const { month, month2, day, day2, year, hour, minute, half } = groups;
  const number = MONTHS.indexOf((month ?? month2 ?? '').slice(0, 3).toLowerCase()) + 1;
  if (number === 0) return null;
  const twelve = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  const two = (value: number | string | undefined): string => String(value).padStart(2, '0');
  return `${year}-${two(number)}-${two(day ?? day2)}T${two(twelve)}:${minute}:00`;
}
