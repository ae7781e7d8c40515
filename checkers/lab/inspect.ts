/** A look at a program that does not do what it should: is it asleep, spinning, and which connections does it hold? */
import { readFileSync } from 'node:fs';
import type { ProgramState } from '../check.ts';
import { processIds, stateLetter } from './process-tree.ts';
import type { Program } from './program.ts';
import { readListeners, readTcpTable, socketsOf, TcpState } from './tcp-table.ts';

/** How long to watch whether it is busy, in ms. */
const WATCH_MS = 60;

/** Looks at a running program; takes a moment. */
export async function inspect(program: Program): Promise<ProgramState> {
  const [busyBefore, clock] = [program.busyMs(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const busyAfter = program.busyMs();
  const letter = stateLetter(program.pid);
  const known = busyBefore !== undefined && busyAfter !== undefined;
  return {
    ...(letter && { letter }),
    ...(known && { busy: Math.min(1, (busyAfter - busyBefore) / (performance.now() - clock)) }),
    connections: connectionsOf(program),
  };
}

const stateNames: Record<number, string> = {
  [TcpState.ESTABLISHED]: 'ESTABLISHED',
  [TcpState.CLOSE_WAIT]: 'CLOSE_WAIT',
};

/** The proxy's own ends: on its port those of its clients, towards the upstream port the others. */
function connectionsOf({ ports }: Program): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of readTcpTable()) {
    const name = stateNames[row.state];
    const side = row.localPort === ports.proxy ? 'client' : row.remotePort === ports.upstream ? 'upstream' : undefined;
    if (name === undefined || side === undefined) continue;
    const key = `${side} side ${name}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The process that listens on a port: 'python3 (pid 812)'; undefined where nobody does or the system does not tell. */
export function holderOf(port: number): string | undefined {
  const inode = readListeners().find((row) => row.localPort === port)?.inode;
  if (inode === undefined) return undefined;
  const pid = processIds().find((id) => socketsOf(id)?.includes(inode));
  return pid === undefined ? 'another program' : `${nameOf(pid)} (pid ${pid})`;
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'a program';
  }
}
