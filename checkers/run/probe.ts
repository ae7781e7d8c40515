/** Detects whether a program takes its ports from the environment, by a trial start. */

import { Program } from '../harness/program.ts';
import type { Reaper } from '../harness/reaper.ts';
import { Timeline } from '../harness/timeline.ts';
import { Waiting } from '../harness/waiting.ts';
import { onListening } from '../kernel/listening.ts';
import { takePortBlock } from '../kernel/ports.ts';
import type { Candidate } from './candidate.ts';

const START_MS = 5000;

/**
 * Starts a command with free ports.
 *
 * @returns true if it listens on the given port
 */
export async function probePorts(
  candidate: Candidate & { kind: 'command' },
  reaper: Pick<Reaper, 'mark' | 'watch'>,
): Promise<boolean> {
  const block = await takePortBlock();
  const ports = { proxy: block.take(), upstream: block.take(), status: block.take() };
  const waiting = new Waiting();
  const spec = { argv: ['sh', '-c', candidate.command], cwd: candidate.cwd, label: candidate.command };
  const program = new Program(spec, ports, reaper, new Timeline(), waiting);
  let listens = false;
  const stop = onListening(ports.proxy, () => {
    listens = true;
    waiting.changed();
  });
  await waiting.until(() => listens || program.listeningPorts().length > 0, START_MS);
  stop();
  // Wait for the exit: it may have a hard-coded port, and need it for its next start.
  await program.kill();
  program.dispose();
  block.release();
  return listens;
}
