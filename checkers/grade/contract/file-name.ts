/** File names for arbitrary student ids. */
import { createHash } from 'node:crypto';

/** Ids of this form are valid file names on every system. */
const plain = /^[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?$/;
/** Windows reserves these names for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
const LONGEST = 40;

/**
 * A file name without extension, unique per id, even on case-insensitive file systems.
 *
 * An id that is not plain gets a fingerprint behind `~`, a character that no plain id has.
 */
export function fileNameOf(id: string): string {
  if (plain.test(id) && !reserved.test(id) && !id.includes('..')) return id;
  const fingerprint = createHash('sha256').update(id, 'utf8').digest('hex').slice(0, 12);
  return `${readable(id)}~${fingerprint}`;
}

/** What is left of an id when only letters and digits stay: `Zoë Müller` becomes `zoe-muller`. */
function readable(id: string): string {
  const letters = id
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return letters === '' ? 'student' : letters;
}
