import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('one that has to be alone waits for those before it, and those behind it wait for it', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen.push(`${name} ends`);
  };
  const first = turns.beside(work('a'));
  const second = turns.beside(work('b'));
  const alone = [turns.alone(work('c')), turns.alone(work('d'))];
  const late = turns.beside(work('e'));
  await Promise.all([first, second, ...alone, late]);
  expect(seen.slice(0, 4)).toEqual(['a begins', 'b begins', 'a ends', 'b ends']);
  for (const name of ['c', 'd', 'e']) {
    expect(seen.indexOf(`${name} ends`)).toBe(seen.indexOf(`${name} begins`) + 1);
  }
});

test('one that fails lets the others go on', async () => {
  const turns = new Turns();
  await expect(turns.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turns.beside(() => Promise.resolve('yes'))).resolves.toBe('yes');
});
