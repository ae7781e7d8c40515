/** The words before the worker's command: what shuts it away from the machine, together with the submission. */
import type { WorkerOrder } from '../worker/order.ts';
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
      env: { ...chosenLanguage(), PATH: sandboxPath(), HOME: '/tmp' },
    };
  }
  if (isolation === 'unshare') return { argv: [...outerUnshare(), ...worker], env: plainEnvironment() };
  return { argv: worker, env: plainEnvironment() };
}

/** Nothing of ours that would change how Node starts, and nothing that is nobody's business. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { HOME, TMPDIR } = process.env;
  return { ...chosenLanguage(), PATH: sandboxPath(), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }) };
}

/** Explanations come in the language that was asked for. */
function chosenLanguage(): NodeJS.ProcessEnv {
  const { WORKSHOP_LANG } = process.env;
  return WORKSHOP_LANG ? { WORKSHOP_LANG } : {};
}
