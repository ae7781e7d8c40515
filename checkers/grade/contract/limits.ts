/** Limits on submissions. An honest submission is far below; a hostile archive is stopped here. */

/** Files and folders. */
export const MAX_ENTRIES = 2000;
/** Of all files together, unpacked, in bytes. */
export const MAX_BYTES = 64 * 2 ** 20;
/** Of a stage's one file, in bytes. */
export const MAX_SOURCE_BYTES = 2 ** 20;
/** An archive may grow so many times its size; one below the first megabyte may grow as it likes. */
export const MAX_GROWTH = 200;
/** Archives within archives. */
export const MAX_ARCHIVES = 4;
/** Folders within folders. */
export const MAX_DEPTH = 20;

/** What has come out of a submission's archives so far; nested ones share the limits. */
export interface Spent {
  entries: number;
  bytes: number;
  /** other limits than those of one submission, for the archive of a whole class */
  most?: { entries: number; bytes: number };
}

/** Why a submission cannot be graded, as one sentence for the student. */
export class Refused extends Error {
  /** other findings so far */
  notes: string[] = [];
}

/** '64 MB' */
export function inWords(bytes: number): string {
  if (bytes >= 2 ** 20) return `${Math.round(bytes / 2 ** 20)} MB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KB` : `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** An untrusted name, safe to print: no control characters, no newline, not too long. */
export function shown(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '?');
  return `'${plain.length > 120 ? `${plain.slice(0, 60)}…${plain.slice(-40)}` : plain}'`;
}

/** A library's message about a file, as the end of our sentence. */
export function complaintOf(error: unknown): string {
  const plain = (error instanceof Error ? error.message : String(error)).replace(/[\p{Cc}\p{Cf}\uFFFD]+/gu, '?');
  return plain.replace(/[.\s]+$/, '').slice(0, 200);
}

/** A few names, and how many there are besides: "'a', 'b' and 7 more" */
export function some(names: string[]): string {
  const rest = names.length - 3;
  const first = names.slice(0, rest === 1 ? 4 : 3).map(shown);
  return rest > 1 ? `${first.join(', ')} and ${rest} more` : first.join(', ');
}
