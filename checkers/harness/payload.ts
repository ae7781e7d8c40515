/** Bytes to send: random-looking, and the same again for the same seed. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** A fresh seed: 4 hexadecimal digits, short enough to be typed. */
export function freshSeed(): string {
  return randomBytes(2).toString('hex');
}

/**
 * Makes bytes that look random and depend only on seed and label. Zeros or a pattern would hide padding, reordering and
 * repetition.
 *
 * @param seed the run's seed
 * @param label tells payloads of one run apart, e.g. 'client 3 sends'
 * @param length in bytes
 */
export function payload(seed: string, label: string, length: number): Buffer {
  const key = createHash('sha256').update(`${seed}/${label}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}

/** A readable line without a newline, unique for seed and label: 'hello from client 3, 5f21c0d9'. */
export function message(seed: string, label: string): Buffer {
  return Buffer.from(`hello from ${label}, ${payload(seed, label, 4).toString('hex')}`);
}
