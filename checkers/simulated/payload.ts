/** In place of checkers/harness/payload.ts, without Node's ciphers: bytes that depend on seed and label only. */

/** FNV-1a over the characters' codes, begun with a number. */
function hash(text: string, begin: number): number {
  let value = begin >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** See harness/payload.ts. xoshiro128**: its state is never all zero here. */
export function payload(seed: string, label: string, length: number): Buffer {
  const text = `${seed}/${label}`;
  let [a, b, c, d] = [
    hash(text, 0x811c9dc5),
    hash(text, 0x9e3779b9),
    hash(text, 0x7f4a7c15),
    hash(text, 0x1234567) | 1,
  ];
  const words = new Uint32Array(Math.ceil(length / 4) + WARM_UP);
  for (let index = 0; index < words.length; index += 1) {
    const five = Math.imul(b, 5);
    words[index] = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  return Buffer.from(words.buffer, WARM_UP * 4, length);
}

/** The first words still show the seed. */
const WARM_UP = 16;

export function message(seed: string, label: string): Buffer {
  return Buffer.from(`hello from ${label}, ${payload(seed, label, 4).toString('hex')}`);
}
