/** Puts load on the machine, to prove that verdicts do not depend on it. */
import { availableParallelism } from 'node:os';
import { $ } from 'zx';
import { MARK, Reaper } from '../checkers/harness/reaper.ts';

/** One endless loop for each processor, until `end`; they die with us. */
export function keepBusy(): { end: () => Promise<void> } {
  const reaper = new Reaper();
  const shell = $({ env: { ...process.env, [MARK]: reaper.mark }, nothrow: true, quiet: true });
  const load = Array.from({ length: availableParallelism() }, () => shell`${process.execPath} -e ${'for (;;) {}'}`);
  return {
    async end() {
      // The signal that ended us may have ended them too.
      for (const process of load) await process.kill('SIGKILL').catch(() => {});
      reaper.release();
    },
  };
}
