/** splice() as what it does to a socket: bytes out of it into a pipe are taken, bytes out of a pipe into it are given. */
import type { State } from './state.ts';
import type { CallStep } from './steps.ts';

/** The step as a recv() or send() on the socket that it is about; others as they are. */
export function throughPipe(step: CallStep, state: State): CallStep {
  if (step.call !== 'splice') return step;
  const args = { length: Number(step.args.length ?? -1), flags: 0 };
  if (state.sockets[step.fd] !== undefined) return { ...step, call: 'recv', args };
  const to = Number(step.args.to ?? -1);
  return state.sockets[to] === undefined ? step : { ...step, call: 'send', fd: to, args };
}
