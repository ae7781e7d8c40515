import { holderOf } from '../harness/holder.ts';
import { isFree } from '../kernel/ports.ts';
import { FIXED_PORTS } from '../run/namespace.ts';
import type { Probe, Surroundings } from './finding.ts';
import { runTool } from './run-tool.ts';

/** One of the document's ports: free, or the program that has it. */
export function portProbe(port: number, word: string, variable: string, other: number): Probe {
  return {
    name: `Port ${port}`,
    async look(surroundings) {
      const holder = await holderOn(port, surroundings);
      if (holder === undefined && (await isFree(port))) return { state: 'works', says: `free, for npm run ${word}` };
      return {
        state: 'lacking',
        says: `taken by ${holder ?? 'another program'}`,
        without: `milestones choose ports of their own; only npm run ${word} has to go elsewhere`,
        get: `stop that program, or type ${variable}=${other} npm run ${word}`,
      };
    },
  };
}

export const portProbes: Probe[] = [
  portProbe(FIXED_PORTS.proxy, 'proxy', 'PORT', FIXED_PORTS.proxy + 1),
  portProbe(FIXED_PORTS.upstream, 'upstream', 'UPSTREAM_PORT', FIXED_PORTS.upstream + 1),
];

/** From /proc on Linux, elsewhere from lsof, whose lines are such as 'p812' and 'cpython3'. */
async function holderOn(port: number, { platform, reaper, deadlineMs }: Surroundings): Promise<string | undefined> {
  if (platform === 'linux') {
    const holder = holderOf(port);
    return holder === undefined || holder === 'unknown' ? undefined : `${holder.name} (pid ${holder.pid})`;
  }
  const { stdout } = await runTool(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], deadlineMs / 2, reaper);
  const [pid, name] = [/^p(\d+)$/m.exec(stdout)?.[1], /^c(.+)$/m.exec(stdout)?.[1]];
  return pid === undefined ? undefined : `${name ?? 'a program'} (pid ${pid})`;
}
