/** Several processes with the same sockets: a fork copies the descriptors, and a socket closes with its last copy. */
import type { TraceRecord } from '../contract/trace-record.ts';
import { INPUT_END } from '../trace/strace.ts';

/** Lines of strace about processes, not calls on sockets. */
export const OF_PROCESSES = ['fork', 'exit', 'execve', INPUT_END];

export function isOfProcesses(record: TraceRecord): boolean {
  return OF_PROCESSES.includes(record?.call);
}

/** Calls by which a process affects connections. */
const WORK = ['accept', 'connect', 'recv', 'send', 'splice'];

/** Whether several processes that fork() made work on connections, so that no single one shows all. */
export function shareTheWork(trace: TraceRecord[]): boolean {
  // A forged trace may hold anything.
  const sound = trace.filter((record) => record !== null && typeof record === 'object');
  const forks = sound.filter(({ call }) => call === 'fork');
  if (forks.length === 0) return false;
  const family = new Set(forks.flatMap(({ pid, result }) => [pid, result]));
  return (
    new Set(sound.filter(({ call, pid }) => WORK.includes(call) && family.has(pid)).map(({ pid }) => pid)).size > 1
  );
}

/** A socket, which several processes may hold. */
export interface Shared {
  kind: 'client' | 'upstream' | 'socket';
  /** the number that each process which holds it knows it by */
  holders: Map<number, number>;
  /** calls on it by which bytes move, or would */
  moved: TraceRecord[];
  /** which processes have closed it, and how */
  released: { pid: number; by: TraceRecord }[];
  /** the first shutdown() of the sending direction */
  shut?: TraceRecord;
}

type Numbers = Map<number, Shared>;

const SHUT_RD = 0;

/**
 * Follows the sockets of all processes.
 *
 * @param trace its calls up to the relevant moment
 * @returns accepted and connected sockets in the order of their beginning
 */
export function sharedSockets(trace: TraceRecord[]): Shared[] {
  const all: Shared[] = [];
  const tables = new Map<number, Numbers>();
  const makers = new Map(trace.filter(({ call }) => call === 'fork').map(({ pid, result }) => [Number(result), pid]));
  const tableOf = (pid: number): Numbers => {
    const known = tables.get(pid);
    if (known) return known;
    const maker = makers.get(pid);
    // A child's calls may precede the fork() that made it.
    const table: Numbers = new Map(maker === undefined ? [] : tables.get(maker));
    for (const [fd, socket] of table) socket.holders.set(pid, fd);
    tables.set(pid, table);
    return table;
  };
  const letGo = (pid: number, fd: number, by: TraceRecord): void => {
    const socket = tableOf(pid).get(fd);
    tableOf(pid).delete(fd);
    if (socket?.holders.delete(pid)) socket.released.push({ pid, by });
  };
  for (const record of trace) {
    const { call, pid, fd, result } = record;
    const table = tableOf(pid);
    const socket = table.get(fd);
    if (call === 'fork') tableOf(Number(result));
    if ((call === 'accept' || call === 'socket') && result !== undefined && result >= 0) {
      const made: Shared = {
        kind: call === 'accept' ? 'client' : 'socket',
        holders: new Map([[pid, result]]),
        moved: [],
        released: [],
      };
      table.set(result, made);
      all.push(made);
    }
    if (call === 'connect' && socket && (result === 0 || record.errno === 'EINPROGRESS')) socket.kind = 'upstream';
    if (call === 'recv' || call === 'send') socket?.moved.push(record);
    if (call === 'shutdown' && socket && result === 0 && record.args.how !== SHUT_RD) socket.shut ??= record;
    if (call === 'close' && result === 0) letGo(pid, fd, record);
    if (call === 'exit' || call === 'execve') for (const held of [...table.keys()]) letGo(pid, held, record);
  }
  return all.filter(({ kind }) => kind !== 'socket');
}
