import { describe, expect, it } from 'vitest';
import { cleanCall, cleanOutside, cleanText } from './events.ts';

const sound = { ms: 1, call: 'recv', fd: 5, args: { length: 10, flags: 0 }, took: 0.1, result: 3 };

describe('a line of a trace', () => {
  it('is kept unchanged if it is valid', () => {
    const line = { ...sound, head: '686921', file: 'stages/x/proxy.ts', line: 7, fn: 'handle', rows: [[5, 6]] };
    expect(cleanCall(line)).toEqual({
      ...sound,
      head: '686921',
      place: { file: 'stages/x/proxy.ts', line: 7, fn: 'handle' },
      rows: [[5, 6]],
    });
  });

  it.each([
    ['nothing', null],
    ['text', 'recv'],
    ['no time', { ...sound, ms: '1' }],
    ['a time out of this world', { ...sound, ms: 1e300 }],
    ['no descriptor', { ...sound, fd: null }],
    ['a name with markup', { ...sound, call: '<script>' }],
    ['an endless name', { ...sound, call: 'x'.repeat(1000) }],
  ])('is dropped: %s', (_name, line) => {
    expect(cleanCall(line)).toBeUndefined();
  });

  it('loses invalid fields, and keeps the others', () => {
    const line = {
      ...sound,
      took: -5,
      errno: '<b>',
      head: 'zz',
      events: 'many',
      line: -1,
      file: 7,
      rows: [[1, 'x'], { a: 5, b: 6 }, 'text', null, 8],
      repeats: -2,
      args: { length: Number.NaN, flags: 1, __proto__: 5, 'a b': 1, text: '\u0007ok' },
    };
    expect(cleanCall(line)).toEqual({
      ...sound,
      took: 0,
      args: { flags: 1, text: '\ufffdok' },
      rows: [[1], [5, 6], [], [], [8]],
    });
  });

  it('has a limit for every field', () => {
    const line = {
      ...sound,
      file: 'x'.repeat(100_000),
      line: 1,
      fn: 'y'.repeat(100_000),
      events: Array.from({ length: 10_000 }, () => ({ fd: 1, events: 1 })),
      rows: Array.from({ length: 10_000 }, () => Array.from({ length: 100 }, () => 1)),
      args: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, 'z'.repeat(1000)])),
    };
    expect(JSON.stringify(cleanCall(line)).length).toBeLessThan(5000);
  });

  it('uses our names for calls', () => {
    expect(cleanCall({ ...sound, call: 'recvfrom' })?.call).toBe('recv');
    expect(cleanCall({ ...sound, call: 'constructor' })?.call).toBe('constructor');
  });
});

describe('an entry of a timeline', () => {
  it('is kept if it is valid, and dropped otherwise', () => {
    const entry = { ms: 1, who: 'client 1', what: 'sends', bytes: 3 };
    expect(cleanOutside(entry)).toEqual(entry);
    expect(cleanOutside({ ...entry, what: 'explodes' })).toBeUndefined();
    expect(cleanOutside({ ...entry, who: 7 })).toBeUndefined();
  });
});

it('text has no control characters and no marks that turn the direction of writing', () => {
  expect(cleanText('a\u001b[31mb\u202ec\u0000d\ne')).toBe('a\ufffd[31mb\ufffdc\ufffdd\ufffde');
});
