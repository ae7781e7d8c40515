/** Decompresses xz, in WebAssembly: what an archive makes of the decoder stays in its memory, dictionaries up to 64 MiB. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import xz from 'xz-decompress';

/** The decoder's codes, which it tells as numbers only. See enum xz_ret in xz.h of XZ Embedded. */
const CODES: Record<string, string> = {
  4: 'it takes more than 64 MB of memory to unpack. Pack it again with xz -9 or less',
  6: 'it is packed with an unusual option of xz. Pack it again without',
  7: 'it is damaged. Pack it again',
  8: 'its end is missing, as when it was not uploaded whole. Pack it again',
};

/** Whether a file begins like one that xz wrote. */
export function isXz(head: Buffer): boolean {
  return head.toString('latin1', 0, 6) === '\xfd7zXZ\0';
}

/** What a compressed stream says. */
export function unxz(packed: Readable): Readable {
  const web = Readable.toWeb(packed) as unknown as globalThis.ReadableStream<Uint8Array>;
  return Readable.fromWeb(new xz.XzReadableStream(web) as unknown as ReadableStream);
}

/** An error of the decoder as the end of a sentence; undefined: it is another error. */
export function xzComplaint(error: unknown): string | undefined {
  const [, code] =
    /^get_next_output failed with error code (\d)$/.exec((error as Error | undefined)?.message ?? '') ?? [];
  return code === undefined ? undefined : (CODES[code] ?? 'it is not what xz writes');
}
