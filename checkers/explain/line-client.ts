/** The calls of a line client, by purpose. */
import type { Call, Life } from './call.ts';
import type { History } from './history.ts';

export const STANDARD_INPUT = 0;
export const STANDARD_OUTPUT = 1;

/** Its reads of typed input. */
export function reads({ calls }: History): Call[] {
  return calls.filter(({ call, fd }) => call === 'read' && fd === STANDARD_INPUT);
}

/** Its calls of one name, on any descriptor. */
export function on(history: History, name: string): Call[] {
  return history.calls.filter(({ call }) => call === name);
}

/** The socket that leads to the server. */
export function lineTo(history: History): Life | undefined {
  return history.lives.findLast(({ kind }) => kind === 'upstream');
}
