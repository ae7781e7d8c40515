import { expect, it } from 'vitest';
import { castOf } from './cast.ts';

const learners = { kind: 'file', path: '', whose: 'learner' } as const;
const command = { kind: 'command', command: 'true', cwd: '/' } as const;

it.each([
  ['server', learners, { left: 'client', middle: 'your server' }],
  ['client', learners, { left: 'terminal', middle: 'your client', right: 'server' }],
  ['proxy', command, { left: 'client', middle: 'the proxy', right: 'upstream' }],
] as const)('in a stage of a %s, a picture shows those who take part', (role, candidate, cast) => {
  expect(castOf({ role }, candidate)).toEqual(cast);
});
