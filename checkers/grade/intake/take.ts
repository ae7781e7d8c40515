/**
 * Takes the files of an archive, one by one as they stream by. They are kept under numbers in a private folder, so that
 * no name in an archive ever becomes a path; what it says of sizes is not believed but counted.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inWords, MAX_BYTES, MAX_ENTRIES, MAX_GROWTH, Refused, type Spent, shown } from '../contract/limits.ts';
import { type Contents, type Found, isByTheWay } from './walk.ts';

/** Small archives may grow as they like up to here, in bytes. */
const GROWTH_MATTERS = 2 ** 20;

/** The meaning of a name in an archive. */
type Name = { name: string } | { problem: string };

/** Takes files, and says what it left out. */
export class Taker {
  readonly #kept = new Map<string, Found>();
  readonly #notes: string[] = [];
  readonly #folder: string;
  readonly #archiveBytes: number;
  readonly #spent: Spent;
  #bytes = 0;

  /**
   * @param folder where the files go
   * @param archiveBytes size of the archive: what comes out of it is held against that
   * @param spent what other archives of the submission have taken of the limits
   */
  constructor(folder: string, archiveBytes: number, spent: Spent = { entries: 0, bytes: 0 }) {
    this.#spent = spent;
    this.#folder = folder;
    this.#archiveBytes = archiveBytes;
    mkdirSync(folder, { recursive: true });
  }

  /** The files taken so far, and the findings. */
  get contents(): Contents {
    return { files: [...this.#kept.values()], notes: this.#notes };
  }

  /** Counts an entry of any kind. */
  count(): void {
    this.#spent.entries += 1;
    const most = this.#spent.most?.entries ?? MAX_ENTRIES;
    if (this.#spent.entries > most) throw new Refused(`It has more than ${most} files and folders.`);
  }

  note(name: string, what: string): void {
    this.#notes.push(`${shown(name)} ${what}; left out.`);
  }

  /** Whether a file of this name is wanted; says why not. */
  wants(name: string): boolean {
    const safe = safeName(name);
    if ('problem' in safe) this.note(name, safe.problem);
    else {
      if (this.#kept.has(safe.name)) this.#noteTwice(safe.name);
      return !safe.name.split('/').some(isByTheWay);
    }
    return false;
  }

  /** Unpacking such an archive leaves the last of them, which overwrites the others. */
  #noteTwice(name: string): void {
    const note = `${shown(name)} is in there more than once; the last one counts.`;
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }

  /** Keeps a file, in place of an earlier one of the same name. */
  async keep(name: string, stream: Readable, executable: boolean): Promise<void> {
    const path = join(this.#folder, String(this.#spent.entries));
    let bytes = 0;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        done(this.#tooMuch(chunk.length), chunk);
      },
    });
    await pipeline(stream, count, createWriteStream(path, { mode: 0o600 }));
    const safe = safeName(name);
    if (!('name' in safe)) return;
    this.#kept.delete(safe.name);
    this.#kept.set(safe.name, { name: safe.name, path, bytes, executable });
  }

  #tooMuch(more: number): Refused | null {
    this.#bytes += more;
    this.#spent.bytes += more;
    const grown = this.#bytes > GROWTH_MATTERS && this.#bytes > MAX_GROWTH * this.#archiveBytes;
    if (grown) return new Refused(`It unpacks to more than ${MAX_GROWTH} times its size, as no honest archive does.`);
    const most = this.#spent.most?.bytes ?? MAX_BYTES;
    return this.#spent.bytes > most ? new Refused(`Its files have more than ${inWords(most)} together.`) : null;
  }
}

/** A name as it may be used below a folder. */
function safeName(raw: string): Name {
  const name = raw.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const parts = name.split('/');
  if (name.startsWith('/') || /^[a-z]:/i.test(name) || parts.includes('..')) {
    return { problem: 'would lie outside of the folder that it is unpacked to' };
  }
  if (name.includes('\0')) return { problem: 'has a name with a byte that is zero' };
  if (parts.some((part) => part === '' || part === '.')) return { problem: 'has a name that names no file' };
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return { problem: 'has a name that is too long' };
  return { name };
}
