import { expect, it } from 'vitest';
import { type Minute, nextMinute, ROOM, type Speeds, START, sentence } from './theme/two-speeds.ts';

function after(minutes: number, speeds: Speeds): Minute {
  let minute = START;
  for (let i = 0; i < minutes; i += 1) minute = nextMinute(minute, speeds);
  return minute;
}

it('takes all that A says for as long as the buffers have room, and then what B reads', () => {
  expect(after(1, { a: 100, b: 80 })).toMatchObject({ taken: 100, left: 0 });
  const late = after(12, { a: 100, b: 80 });
  expect(late).toMatchObject({ taken: 80, left: 20, read: 80 });
  expect([late.sending, late.receiving].map(Math.round)).toEqual([ROOM, ROOM]);
});

it('never holds a word back from a B that is faster than A', () => {
  expect(after(20, { a: 80, b: 100 })).toMatchObject({ taken: 80, left: 0, read: 80 });
});

it('takes nothing more once B has stopped', () => {
  expect(after(5, { a: 100, b: 0 })).toMatchObject({ taken: 0, left: 100, sending: ROOM, receiving: ROOM });
});

it('says what happened', () => {
  expect(sentence(START)).toBe('Nothing has been said yet.');
  expect(sentence(after(12, { a: 100, b: 80 }))).toBe(
    'Minute 12: A offered 100 words, and send returned 80. 20 words are still A’s, and A offers them again first.',
  );
});
