/** In place of node:fs in checks: files in memory. */
import { EINVAL } from '../../linux/simulated/errors.ts';
import { O_RDONLY, OpenFile } from '../../linux/simulated/file.ts';
import { type Attempt, done } from '../../linux/simulated/outcome.ts';
import { world } from './world.ts';

const written = new Map<string, Uint8Array>();
const open = new Map<number, Uint8Array>();
let lastFd = 100;

/** A file on a disk: reading never waits, and epoll refuses it. */
class DiskFile extends OpenFile {
  override readonly pollable = false;
  #at = 0;

  constructor(readonly bytes: Uint8Array) {
    super(O_RDONLY);
  }

  override poll(): number {
    return 0;
  }

  override read(buffer: Uint8Array): Attempt {
    const part = this.bytes.subarray(this.#at, this.#at + buffer.length);
    buffer.set(part);
    this.#at += part.length;
    return done(part.length);
  }

  override write(): Attempt {
    return done(-EINVAL);
  }

  override release(): Attempt {
    return done(0);
  }
}

/** The file behind a descriptor of openSync(), for a program's standard input. */
export function openFile(fd: number): OpenFile {
  return new DiskFile(open.get(fd) ?? new Uint8Array());
}

function bytesOf(path: string): Uint8Array {
  const bytes = written.get(path) ?? world().files.get(path);
  if (bytes === undefined) throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
  return bytes;
}

export function readFileSync(path: string, encoding?: BufferEncoding): Buffer | string {
  const bytes = Buffer.from(bytesOf(path));
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

export function writeFileSync(path: string, bytes: Uint8Array): void {
  written.set(path, bytes);
}

export function mkdtempSync(prefix: string): string {
  return `${prefix}1`;
}

export function openSync(path: string): number {
  lastFd += 1;
  open.set(lastFd, bytesOf(path));
  return lastFd;
}

export function closeSync(): void {}

export function rmSync(): void {
  written.clear();
}
