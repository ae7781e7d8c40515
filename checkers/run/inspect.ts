/** Inspects a failing program: whether it sleeps or spins, and which connections it holds. */
import type { ProcessState, ProgramState } from '../contract/check.ts';
import { nameOf } from '../harness/holder.ts';
import type { Program } from '../harness/program.ts';
import { tcpSocketsOf } from '../kernel/own-sockets.ts';
import { stateLetter } from '../kernel/process-tree.ts';
import { pendingCall } from '../kernel/system-call.ts';
import { type TcpRow, TcpState } from '../kernel/tcp-row.ts';
import { inodeOf, readTcpTable } from '../kernel/tcp-table.ts';

/** How long to measure whether it is busy, in ms. */
const WATCH_MS = 60;
const LOOKS = 6;

/** Inspects a running program; takes a moment. */
export async function inspect(program: Program): Promise<ProgramState> {
  const [busyBefore, clock] = [program.busyMs(), performance.now()];
  let running = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS / LOOKS));
    if (stateLetter(program.firstPid) === 'R') running += 1;
  }
  const busyAfter = program.busyMs();
  const letter = stateLetter(program.firstPid);
  const known = busyBefore !== undefined && busyAfter !== undefined;
  // The kernel counts time in the run queue only when a process gets a processor, which takes a while on a busy machine.
  const share = known ? Math.max((busyAfter - busyBefore) / (performance.now() - clock), running / LOOKS) : 0;
  const pids = program.pids();
  const table = readTcpTable();
  const sockets = tcpSocketsOf(pids)?.size;
  return {
    ...(letter && { letter }),
    ...(known && { busy: Math.min(1, share) }),
    connections: connectionsOf(program, table),
    queue: queueOf(program, table),
    ...(sockets !== undefined && { sockets }),
    ...(letter && { processes: pids.slice(0, MAX_PROCESSES).flatMap((pid) => processState(pid, program, table)) }),
  };
}

/** The most processes that are inspected one by one; a program may fork endlessly. */
const MAX_PROCESSES = 16;

function processState(pid: number, program: Program, table: TcpRow[]): ProcessState[] {
  const pending = pendingCall(pid);
  // A shell, npm or a master that waits for the working process.
  if (pending?.name === 'wait') return [];
  const { name: call, fd } = pending ?? {};
  const row = fd === undefined ? undefined : rowOf(inodeOf(pid, fd), table);
  const leadsTo = row === undefined ? undefined : sideOf(row, program);
  const name = nameOf(pid);
  return [{ name, ...(call && { call }), ...(fd !== undefined && { fd }), ...(leadsTo && { leadsTo }) }];
}

function rowOf(inode: string | undefined, table: TcpRow[]): TcpRow | undefined {
  return inode === undefined ? undefined : table.find((row) => row.inode === inode);
}

function sideOf(row: TcpRow, { ports, endsByItself }: Program): string | undefined {
  // A client's port is the server's, at the other end.
  if (endsByItself) return row.remotePort === ports.proxy ? 'server' : undefined;
  if (row.state === TcpState.LISTEN) return 'listener';
  if (row.localPort === ports.proxy) return 'client';
  return (ports.upstreams ?? [ports.upstream]).includes(row.remotePort) ? 'upstream' : undefined;
}

/** For a listening socket, the kernel's table has the length of the backlog in the column for unread bytes. */
function queueOf({ ports }: Program, table: TcpRow[]): number {
  const rows = table.filter(({ state, localPort }) => state === TcpState.LISTEN && localPort === ports.proxy);
  return rows.reduce((sum, { unread }) => sum + unread, 0);
}

const stateNames: Record<number, string> = {
  [TcpState.ESTABLISHED]: 'ESTABLISHED',
  [TcpState.CLOSE_WAIT]: 'CLOSE_WAIT',
};

/** The proxy's own ends: to clients on its port, and to the upstream port. */
function connectionsOf(program: Program, table: TcpRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of table) {
    const name = stateNames[row.state];
    const side = sideOf(row, program);
    // A connection in the listening socket's backlog belongs to no process yet.
    if (name === undefined || side === undefined || row.inode === '0') continue;
    const key = `${side} side ${name}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
