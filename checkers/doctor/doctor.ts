/** Examines the machine: what it has, what it lacks, and what that means for a learner. */
import { Reaper } from '../harness/reaper.ts';
import { browserProbe } from './browser.ts';
import { diskProbe } from './disk.ts';
import type { Finding, Probe, Surroundings } from './finding.ts';
import { portProbes } from './ports.ts';
import { pythonProbe } from './python.ts';
import { bubblewrapProbe, namespacesProbe } from './sandbox.ts';
import { straceProbe } from './strace.ts';
import { systemCallsProbe } from './system-calls.ts';
import { terminalProbe } from './terminal.ts';

/** Node itself. An outdated one stops earlier: see scripts/node-version.mjs. */
const nodeProbe: Probe = {
  name: 'Node',
  look: () => ({ state: 'works', says: process.versions.node }),
};

/** In the order of the report: what the main job needs, then what is nice to have. */
const probes: Probe[] = [
  nodeProbe,
  systemCallsProbe,
  diskProbe,
  pythonProbe,
  ...portProbes,
  straceProbe,
  namespacesProbe,
  bubblewrapProbe,
  browserProbe,
  terminalProbe,
];

/** A finding with the name of the examined part. */
export type NamedFinding = Finding & { name: string };

/**
 * Runs all probes in parallel.
 *
 * @param settings of the probes; each of them ends within `deadlineMs` in any case
 */
export async function examine(settings: Omit<Surroundings, 'reaper'>): Promise<NamedFinding[]> {
  const reaper = new Reaper();
  try {
    const surroundings = { ...settings, reaper };
    return await Promise.all(
      probes.map(async (probe) => ({ name: probe.name, ...(await inTime(probe, surroundings)) })),
    );
  } finally {
    reaper.release();
  }
}

/** Probes have their own deadlines; this one covers unforeseen hangs. */
const GRACE_MS = 1000;

async function inTime(probe: Probe, surroundings: Surroundings): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const finding: Finding = { state: 'lacking', says: 'no answer in time' };
    timer = setTimeout(() => resolve(finding), surroundings.deadlineMs + GRACE_MS);
  });
  try {
    return await Promise.race([probe.look(surroundings), late]);
  } catch (error) {
    return { state: 'lacking', says: `it could not be looked at: ${(error as Error).message}` };
  } finally {
    clearTimeout(timer);
  }
}
