/** How the checks of a run are isolated: their ports, parallel or one at a time, in namespaces or not. */
import { type Milestone, stageOf } from '../course/course.ts';
import type { ProgramPorts } from '../harness/program-ports.ts';
import { fileServerCommand, servedFolder } from '../harness/python.ts';
import type { Reaper } from '../harness/reaper.ts';
import { type PortBlock, takePortBlocks, tryListen } from '../kernel/ports.ts';
import type { Candidate } from './candidate.ts';
import { FIXED_PORTS, namespaceArguments } from './namespace.ts';
import { probePorts } from './probe.ts';

export interface Arena {
  /** whether checks may run at the same time */
  sideBySide: boolean;
  /** whether each check gets a network namespace of its own */
  namespaces: boolean;
  /** things that a reader of the report should know */
  notes: string[];
  /**
   * The ports for the next check.
   *
   * @param upstreams how many upstreams its program has; undefined: one, and no status port
   */
  ports(upstreams?: number): ProgramPorts;
  release(): void;
}

/** The parts of a run that the arena depends on. */
interface ArenaRequest {
  candidate: Candidate;
  milestone: Milestone;
  /** a stranger's program, which starts nowhere but in its sandbox */
  sandbox?: unknown;
  /** it may have the document's ports written into it */
  fixedPorts?: boolean;
  /** it runs on the simulated kernel */
  simulated?: boolean;
}

/** A check takes two ports and runs up to six times: three tries in parallel, and each again alone if ports collided. */
const BLOCKS = 2;
/** A check with several upstreams takes five. */
const BLOCKS_FOR_SEVERAL_UPSTREAMS = 6;

/** The reason why a run could not begin, as a message for the user. */
export class CannotRun extends Error {}

/**
 * Chooses the arena for a program. One that follows the contract gets free ports. A command may have hard-coded ports, so
 * it gets its own network namespace for each check; if the machine cannot do that, a trial start shows which ports it
 * uses. There is no trial for a stranger's program: it gets free ports unless the request says otherwise.
 *
 * @throws CannotRun when it needs the document's ports and another process has them
 */
export async function chooseArena(request: ArenaRequest, reaper: Pick<Reaper, 'mark' | 'watch'>): Promise<Arena> {
  const { candidate, milestone, sandbox, fixedPorts: insists = false, simulated = false } = request;
  if (simulated) return simulatedMachine;
  const notes = [...pythonNote()];
  const blocks = stageOf(milestone).upstreams === undefined ? BLOCKS : BLOCKS_FOR_SEVERAL_UPSTREAMS;
  if (candidate.kind === 'file' && !insists) return freePorts(notes, blocks);
  if (namespaceArguments().length > 0) {
    return { sideBySide: true, namespaces: true, notes, ports: fixedPorts, release() {} };
  }
  if (insists || candidate.kind === 'file') return documentPorts(notes, false);
  if (sandbox !== undefined || (await probePorts(candidate, reaper))) return freePorts(notes, blocks);
  return documentPorts(notes, true);
}

function portsFrom(take: () => number, upstreams?: number): ProgramPorts {
  const [proxy, upstream] = [take(), take()];
  if (upstreams === undefined) return { proxy, upstream };
  const others = Array.from({ length: upstreams - 1 }, take);
  return { proxy, upstream, upstreams: [upstream, ...others], status: take() };
}

/** The document's ports; further upstreams follow the first, and the status port follows the proxy's. */
function fixedPorts(upstreams?: number): ProgramPorts {
  if (upstreams === undefined) return FIXED_PORTS;
  const { proxy, upstream } = FIXED_PORTS;
  return {
    proxy,
    upstream,
    upstreams: Array.from({ length: upstreams }, (_, place) => upstream + place),
    status: proxy + 1,
  };
}

/** Not the document's: a program that ignores its variables is to be found out. */
function simulatedPorts(upstreams?: number): ProgramPorts {
  let taken = 0;
  return portsFrom(() => FIRST_SIMULATED + SIMULATED_STEP * taken++, upstreams);
}

/** Not neighbours, either: a program may try the next port. */
const [FIRST_SIMULATED, SIMULATED_STEP] = [20_080, 10];

/** Each check has a machine of its own; one after the other, so that all results come in the same order. */
const simulatedMachine: Arena = {
  sideBySide: false,
  namespaces: false,
  notes: [],
  ports: simulatedPorts,
  release() {},
};

async function freePorts(notes: string[], count: number): Promise<Arena> {
  const blocks = await takePortBlocks(count);
  const take = (): number => (blocks.find(({ usedUp }) => !usedUp) ?? (blocks.at(-1) as PortBlock)).take();
  return {
    sideBySide: true,
    namespaces: false,
    notes,
    ports: (upstreams) => portsFrom(take, upstreams),
    release() {
      for (const block of blocks) block.release();
    },
  };
}

async function documentPorts(notes: string[], isCertain: boolean): Promise<Arena> {
  for (const port of [FIXED_PORTS.proxy, FIXED_PORTS.upstream]) {
    const server = await tryListen(port);
    if (server === undefined && !isCertain)
      throw new CannotRun(
        `This program may use the fixed ports 8080 and 3000, and port ${port} is taken on this machine. Stop what listens there, then grade it again.`,
      );
    if (server === undefined) {
      const change = 'Stop what listens there, or let the program take its ports from PORT and UPSTREAM_PORT.';
      throw new CannotRun(`This program uses the fixed ports 8080 and 3000, and port ${port} is taken. ${change}`);
    }
    await new Promise((resolve) => server.close(resolve));
  }
  const slow = 'This program uses fixed ports and this machine has no network namespaces: one check at a time.';
  return {
    sideBySide: false,
    namespaces: false,
    notes: [...notes, slow],
    ports: fixedPorts,
    release() {},
  };
}

function pythonNote(): string[] {
  const command = fileServerCommand(0, servedFolder);
  return command.python ? [] : ['There is no python3 on this machine: http-server takes its place as the file server.'];
}
