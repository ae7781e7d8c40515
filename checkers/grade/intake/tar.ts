/** Reads tar files, as they are or compressed with gzip or xz. */
import { createReadStream, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { complaintOf, inWords, MAX_BYTES, Refused, type Spent } from '../contract/limits.ts';
import { headOf } from './kind.ts';
import { Taker } from './take.ts';
import type { Contents } from './walk.ts';
import { isXz, unxz, xzComplaint } from './xz.ts';

const kinds: Record<string, string> = {
  link: 'is a hard link, not a file',
  symlink: 'is a symbolic link, not a file',
  fifo: 'is a pipe, not a file',
  'character-device': 'is a device, not a file',
  'block-device': 'is a device, not a file',
};

/**
 * Unpacks a tar file.
 *
 * @throws Refused when it is none, or is too much
 */
export function readTar(path: string, folder: string, spent?: Spent): Promise<Contents> {
  return takeTar(unpacked(path), new Taker(folder, statSync(path).size, spent), spent?.most?.bytes);
}

/** Takes the files of a tar that comes as a stream. */
export async function takeTar(streams: (Readable | Transform)[], taker: Taker, most = MAX_BYTES): Promise<Contents> {
  const entries = extract();
  const reading = readEntries(entries, taker);
  const [source, ...through] = streams as [Readable, ...Transform[]];
  try {
    await Promise.all([
      pipeline([source, ...through, bounded(most), entries] as unknown as [Readable, Transform]),
      reading,
    ]);
  } catch (error) {
    if (error instanceof Refused || (error as NodeJS.ErrnoException).syscall) throw error;
    throw new Refused(`It is not a tar file that can be read: ${xzComplaint(error) ?? complaintOf(error)}.`);
  }
  return taker.contents;
}

async function readEntries(entries: ReturnType<typeof extract>, taker: Taker): Promise<void> {
  for await (const entry of entries) {
    const header = entry.header as Header;
    taker.count();
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    const what = kinds[header.type ?? 'file'];
    if (what !== undefined) taker.note(header.name, what);
    // GNU's sparse files, for example.
    else if (!isFile && header.type !== 'directory')
      taker.note(header.name, 'is packed in a way that is not read here');
    if (isFile && taker.wants(header.name)) {
      await taker.keep(header.name, entry as unknown as Readable, ((header.mode ?? 0) & 0o111) !== 0);
    } else entry.resume();
  }
}

/** Besides the files a tar has headers, which may be long. */
function bounded(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > 2 * most ? new Refused(`It unpacks to more than ${inWords(most)}.`) : null, chunk);
    },
  });
}

function unpacked(path: string): (Readable | Transform)[] {
  const [head, packed] = [headOf(path), createReadStream(path)];
  if (isXz(head)) return [unxz(packed)];
  return isGzip(head) ? [packed, createGunzip()] : [packed];
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}
