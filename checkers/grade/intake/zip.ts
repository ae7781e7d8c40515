/** Reads zip files. */
import { statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';
import { complaintOf, Refused, type Spent } from '../contract/limits.ts';
import { isUtf8 } from './source.ts';
import { Taker } from './take.ts';
import type { Contents } from './walk.ts';

/** The high half of the external attributes is the file's mode, where a Unix made the archive. */
const MODE = 16;
const KIND = 0o170_000;
const LINK = 0o120_000;
const REGULAR = 0o100_000;
const UTF8_NAME = 0x800;

/**
 * Unpacks a zip file.
 *
 * @throws Refused when it is none, or is too much
 */
export async function readZip(path: string, folder: string, spent?: Spent): Promise<Contents> {
  const taker = new Taker(folder, statSync(path).size, spent);
  try {
    // We check the names ourselves, one by one: a single bad one is no reason to refuse the others.
    const zip = await openPromise(path, {
      lazyEntries: true,
      autoClose: true,
      decodeStrings: false,
      validateEntrySizes: true,
    });
    for await (const entry of zip.eachEntry()) {
      taker.count();
      const name = nameOf(entry);
      if (name.endsWith('/') || !isWanted(taker, entry, name)) continue;
      const stream = checked(await zip.openReadStreamPromise(entry), entry.crc32);
      await taker.keep(name, stream, (modeOf(entry) & 0o111) !== 0);
    }
  } catch (error) {
    if (error instanceof Refused || (error as NodeJS.ErrnoException).syscall) throw error;
    throw new Refused(`It is not a zip file that can be read: ${complaintInWords(error)}.`);
  }
  return taker.contents;
}

/** Our own message for the most common defect of a zip file; else the library's. */
function complaintInWords(error: unknown): string {
  const complaint = complaintOf(error);
  if (complaint.startsWith('Invalid comment length')) return 'there are bytes after its end. Pack it again';
  return complaint.startsWith('End of central directory')
    ? 'its end is missing, as when it was not uploaded whole, or it was never one. Pack it again'
    : complaint;
}

/** Passes the bytes through; fails at the end if the checksum differs. */
function checked(stream: Readable, wanted: number): Readable {
  let sum = 0;
  const check = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush: (done) =>
      done(
        sum === wanted
          ? null
          : new Refused('The archive is damaged: a file in it is not the one that was packed. Pack it again.'),
      ),
  });
  stream.on('error', (error) => check.destroy(error));
  return stream.pipe(check);
}

function isWanted(taker: Taker, entry: Entry, name: string): boolean {
  const kind = modeOf(entry) & KIND;
  if (kind === LINK) taker.note(name, 'is a symbolic link, not a file');
  else if (kind !== 0 && kind !== REGULAR) taker.note(name, 'is not a file');
  else if (entry.isEncrypted()) taker.note(name, 'is encrypted');
  else if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    taker.note(name, 'is packed in a way that is not read here');
  else return taker.wants(name);
  return false;
}

function modeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> MODE;
}

function nameOf(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer;
  // Some systems write UTF-8 and do not set the flag.
  const utf8 = (entry.generalPurposeBitFlag & UTF8_NAME) !== 0 || isUtf8(raw);
  return raw.toString(utf8 ? 'utf8' : 'latin1');
}
