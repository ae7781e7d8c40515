/** Where an error came from, as its stack tells. */
import { expect, it } from 'vitest';
import { root } from '../root.ts';
import { errorOf } from './exit.ts';

it.each([
  ['a whole path', `    at main (file://${root}/stages/stage-4-tcp-proxy/proxy.ts:57:3)`],
  ['a path from the repository on', '    at main (stages/stage-4-tcp-proxy/proxy.ts:57:3)'],
  [
    'a path behind those of others',
    `    at node:net:1:2\n    at x (linux/io.ts:5:1)\n    at stages/stage-4-tcp-proxy/proxy.ts:57:3`,
  ],
])('an error is found in %s', (_, stack) => {
  expect(errorOf(['Error: no idea', ...stack.split('\n')])).toMatchObject({
    message: 'Error: no idea',
    place: 'stages/stage-4-tcp-proxy/proxy.ts:57',
  });
});

it('the functions on its stack are told, innermost first', () => {
  const stack = [
    '    at recv (linux/io.ts:5:1)',
    '    at handleClient (a/b.ts:7:3)',
    '    at a/b.ts:9:1',
    '    at loopRun (a/b.ts:8:1)',
  ];
  expect(errorOf(['TypeError: x', ...stack])?.functions).toEqual(['recv', 'handleClient', 'loopRun']);
});
