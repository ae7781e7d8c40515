/** splice() as its effect on a socket: from a socket into a pipe is a recv(), from a pipe into a socket is a send(). */
import type { State } from './state.ts';
import type { CallStep } from './steps.ts';

/** A splice() as a recv() or send() on its socket; other steps unchanged. */
export function throughPipe(step: CallStep, state: State): CallStep {
  if (step.call !== 'splice') return step;
  const args = { length: Number(step.args.length ?? -1), flags: 0 };
  if (state.sockets[step.fd] !== undefined) return { ...step, call: 'recv', args };
  const to = Number(step.args.to ?? -1);
  return state.sockets[to] === undefined ? step : { ...step, call: 'send', fd: to, args };
}
