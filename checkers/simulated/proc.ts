/**
 * In place of checkers/kernel (tcp-table.ts, own-sockets.ts, process-tree.ts, system-call.ts) and harness/holder.ts: what the
 * simulated machine tells of its sockets and processes.
 */
import { type TcpState as State, TcpSocket } from '../../linux/simulated/tcp-socket.ts';
import { type End, type TcpRow, TcpState } from '../kernel/tcp-row.ts';
import { type Watched, world } from './world.ts';

/** As in the kernel's tcp_states.h. */
const NUMBERS: Record<State, number> = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT1: 4,
  FIN_WAIT2: 5,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
};

const numbers = new WeakMap<TcpSocket, string>();
let lastNumber = 0;

/** A number for each socket, as the kernel's inodes. */
function inode(socket: TcpSocket): string {
  const known = numbers.get(socket);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(socket, String(lastNumber));
  return String(lastNumber);
}

function socketsIn({ process }: Pick<Watched, 'process'>): { fd: string; socket: TcpSocket }[] {
  return process.descriptors.flatMap((fd) => {
    const file = process.file(fd);
    return file instanceof TcpSocket ? [{ fd: String(fd), socket: file }] : [];
  });
}

/** All sockets of the machine; those that no process has (any more) are found at the other end, or in a queue. */
function allSockets(): Map<TcpSocket, boolean> {
  const { harness, watched } = world();
  const found = new Map<TcpSocket, boolean>();
  for (const { socket } of [{ process: harness }, ...watched].flatMap(socketsIn)) found.set(socket, true);
  for (const socket of [...found.keys()]) {
    for (const other of [...socket.acceptQueue, socket.peer]) {
      if (other !== undefined && !found.has(other)) found.set(other, false);
    }
  }
  return found;
}

function rowOf(socket: TcpSocket, owned: boolean): TcpRow {
  const { local, remote, state } = socket;
  const listens = state === 'LISTEN';
  return {
    localAddress: local.address,
    localPort: local.port,
    remotePort: remote.port,
    state: NUMBERS[state],
    unread: listens ? socket.acceptQueue.length : socket.received.length,
    unsent: listens ? 0 : socket.queued,
    inode: owned ? inode(socket) : '0',
  };
}

export function readTcpTable(): TcpRow[] {
  return [...allSockets()].flatMap(([socket, owned]) => (socket.state === 'CLOSE' ? [] : [rowOf(socket, owned)]));
}

export function readListeners(): TcpRow[] {
  const { harness, watched } = world();
  return [{ process: harness }, ...watched]
    .flatMap(socketsIn)
    .flatMap(({ socket }) => (socket.state === 'LISTEN' ? [rowOf(socket, true)] : []));
}

export function reachableFromLoopback({ state, localAddress }: TcpRow): boolean {
  return state === TcpState.LISTEN && ['0.0.0.0', '127.0.0.1'].includes(localAddress);
}

export function addressInWords({ localAddress }: TcpRow): string {
  return localAddress;
}

export function rowBetween(local: End, remote: End): TcpRow | undefined {
  const key = `${local.address}:${local.port}-${remote.address}:${remote.port}`;
  if (!world().kernel.network.connections.has(key)) return undefined;
  for (const [socket, owned] of allSockets()) {
    if (socket.state !== 'CLOSE' && socket.key === key) return rowOf(socket, owned);
  }
  return {
    localAddress: local.address,
    localPort: local.port,
    remotePort: remote.port,
    state: TcpState.TIME_WAIT,
    unread: 0,
    unsent: 0,
    inode: '0',
  };
}

export function isOneSided(clientPort: number, serverPort: number): boolean {
  const rows = readTcpTable();
  const has = (local: number, remote: number): boolean =>
    rows.some(({ localPort, remotePort }) => localPort === local && remotePort === remote);
  return has(clientPort, serverPort) && !has(serverPort, clientPort);
}

function watchedOf(pid: number): Watched | undefined {
  return world().watched.find((one) => one.pid === pid);
}

export function inodeOf(pid: number, fd: number): string | undefined {
  const file = watchedOf(pid)?.process.file(fd);
  return file instanceof TcpSocket ? inode(file) : undefined;
}

export function socketsOf(pid: number): string[] | undefined {
  const one = watchedOf(pid);
  return one && socketsIn(one).map(({ socket }) => inode(socket));
}

export function tcpSocketsOf(pids: number[]): Set<string> | undefined {
  return new Set(pids.flatMap((pid) => socketsOf(pid) ?? []));
}

/** How many descriptors these processes have for sockets of the check. */
export function countSockets(pids: number[], isOwn: (row: TcpRow) => boolean): number {
  const sockets = pids.flatMap((pid) => {
    const one = watchedOf(pid);
    return one === undefined ? [] : socketsIn(one).map(({ socket }) => socket);
  });
  return sockets.filter((socket) => socket.local.port === 0 || isOwn(rowOf(socket, true))).length;
}

/** How many descriptors these processes have for anything but standard input, output and error. */
export function countDescriptors(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + (watchedOf(pid)?.process.descriptors.filter((fd) => fd > 2).length ?? 0), 0);
}

export function stateLetter(pid: number): string | undefined {
  return watchedOf(pid)?.letter();
}

export function busyMs(pids: number[]): number | undefined {
  return pids.reduce((sum, pid) => sum + (watchedOf(pid)?.busyMs() ?? 0), 0);
}

export function pendingCall(pid: number): { name: string; fd?: number } | undefined {
  return watchedOf(pid)?.pending();
}

export function nameOf(): string {
  return 'node';
}
