/** The command prefix of the worker, which isolates it from the machine, together with the submission. */
import type { WorkerOrder } from '../contract/order.ts';
import { outerBubblewrap } from './bubblewrap.ts';
import { sandboxPath } from './system.ts';
import { outerUnshare } from './unshare.ts';

/** A whole command line, and the environment that it gets. */
export interface Enclosure {
  argv: string[];
  env: NodeJS.ProcessEnv;
}

/** How to start a worker for an order. */
export function enclosure({ isolation, folder, hostUser }: WorkerOrder, worker: string[]): Enclosure {
  if (isolation === 'bubblewrap') {
    return {
      argv: [...outerBubblewrap(folder, hostUser), ...worker],
      env: { PATH: sandboxPath(), HOME: '/tmp' },
    };
  }
  if (isolation === 'unshare') return { argv: [...outerUnshare(), ...worker], env: plainEnvironment() };
  return { argv: worker, env: plainEnvironment() };
}

/** Only what Node needs: no variable that changes how it starts, and no private ones. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { HOME, TMPDIR } = process.env;
  return { PATH: sandboxPath(), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }) };
}
