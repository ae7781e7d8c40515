/** The kernel's list of TCP sockets: listening ones, and connections with their states. See proc(5). */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import type { SocketDiag } from './socket-diag.ts';
import { type End, type TcpRow, TcpState } from './tcp-row.ts';

const ANY_IPV6 = '0'.repeat(32);
const LOOPBACK_IPV6 = '00000000000000000000000001000000';
const MAPPED_LOOPBACK = '0000000000000000FFFF00000100007F';

/** Reads both tables; an empty list if the system has none. */
export function readTcpTable(): TcpRow[] {
  return [...readFile('/proc/net/tcp'), ...readFile('/proc/net/tcp6')];
}

function readFile(path: string): TcpRow[] {
  return readText(path).split('\n').slice(1).flatMap(parseRow);
}

/** Only the local ports, which is much faster after thousands of connections in the last minute. */
export function readLocalPorts(): Set<number> {
  const text = ['/proc/net/tcp', '/proc/net/tcp6'].map(readText).join('');
  return new Set(
    Array.from(text.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) /gm), ([, port = '']) => parseInt(port, 16)),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** A page: what the kernel hands over in one read of such a file. */
const PAGE = 4096;

let kernel: SocketDiag | undefined;
let asked = false;

/** Asks the kernel; the tables are the fallback. */
function fromKernel<T>(ask: (diag: SocketDiag) => T, inTables: () => T): T {
  if (!asked && process.platform === 'linux' && endianness() === 'LE') {
    asked = true;
    void openKernel();
  }
  try {
    return kernel === undefined ? inTables() : ask(kernel);
  } catch {
    kernel = undefined;
    return inTables();
  }
}

async function openKernel(): Promise<void> {
  try {
    const { SocketDiag } = await import('./socket-diag.ts');
    kernel = await SocketDiag.open();
  } catch {
    // From now on, use the tables.
  }
}

/** The listening sockets alone. */
export function readListeners(): TcpRow[] {
  return fromKernel((diag) => diag.listeners(), listenersInTables);
}

/**
 * Only the listening sockets. The kernel lists them first, and is slow to make the rest of the table, which has a row for
 * each connection of the last minute: so this stops reading after them.
 */
export function listenersInTables(): TcpRow[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(readListenersOf);
}

function readListenersOf(path: string): TcpRow[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    return parseListeners(() => {
      const page = Buffer.alloc(PAGE);
      return page.toString('latin1', 0, readSync(file, page));
    });
  } finally {
    closeSync(file);
  }
}

/** Reads pages until the first row that is no listener, or the end. */
function parseListeners(nextPage: () => string): TcpRow[] {
  let text = '';
  for (;;) {
    const page = nextPage();
    text += page;
    const rows = text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1).flatMap(parseRow);
    const others = rows.findIndex((row) => row.state !== TcpState.LISTEN);
    if (others !== -1) return rows.slice(0, others);
    if (page === '') return rows;
  }
}

/** Parses '  0: 0100007F:1F90 00000000:0000 0A … inode …'. */
export function parseRow(line: string): TcpRow[] {
  const fields = line.trim().split(/\s+/);
  const [, local, remote, state] = fields;
  if (local === undefined || remote === undefined || state === undefined) return [];
  const [localAddress = '', localPort = '0'] = local.split(':');
  return [
    {
      localAddress: localAddress.length === 8 ? dotted(localAddress) : localAddress,
      localPort: Number.parseInt(localPort, 16),
      remotePort: Number.parseInt(remote.split(':')[1] ?? '0', 16),
      state: Number.parseInt(state, 16),
      unread: Number.parseInt(fields[4]?.split(':')[1] ?? '0', 16),
      unsent: Number.parseInt(fields[4] ?? '0', 16),
      inode: fields[9] ?? '0',
    },
  ];
}

/** A port as the kernel prints it: four digits. */
function hexOf(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** The kernel prints IPv4 addresses as one little-endian number. */
function dotted(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((pair) => Number.parseInt(pair, 16))
    .join('.');
}

/** Whether a client that connects to 127.0.0.1 would reach this listening socket. */
export function reachableFromLoopback(row: TcpRow): boolean {
  if (row.state !== TcpState.LISTEN || row.onlyIpv6) return false;
  return [ANY_IPV6, MAPPED_LOOPBACK, '0.0.0.0', '127.0.0.1'].includes(row.localAddress);
}

/** A local address in the usual notation. */
export function addressInWords({ localAddress }: TcpRow): string {
  if (localAddress === LOOPBACK_IPV6) return '::1';
  return localAddress === ANY_IPV6 ? '::' : localAddress;
}

/** The kernel's row for the socket at one end of a connection; undefined if it has none yet, or none any more. */
export function rowBetween(local: End, remote: End): TcpRow | undefined {
  return fromKernel(
    (diag) => diag.connection(local, remote),
    () => rowInTables(local.port, remote.port),
  );
}

export function rowInTables(localPort: number, remotePort: number): TcpRow | undefined {
  // Parsing thousands of rows would take longer than reading them.
  const row = new RegExp(`^ *\\d+: [0-9A-F]+:${hexOf(localPort)} [0-9A-F]+:${hexOf(remotePort)} .*$`, 'm');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => parseRow(row.exec(readText(path))?.[0] ?? ''))[0];
}

/**
 * Whether the kernel has only the client's side of a connection, so that the server will never see it.
 *
 * @param clientPort the client's own port
 * @param serverPort the destination port
 */
export function isOneSided(clientPort: number, serverPort: number): boolean {
  const rows = readTcpTable();
  const has = (local: number, remote: number): boolean =>
    rows.some(({ localPort, remotePort }) => localPort === local && remotePort === remote);
  return has(clientPort, serverPort) && !has(serverPort, clientPort);
}

/**
 * The sockets that a process has open.
 *
 * @param pid a process id
 * @returns the sockets' inodes, one entry for each descriptor; undefined if the system does not tell
 */
export function socketsOf(pid: number): string[] | undefined {
  return socketsByDescriptor(pid)?.map(({ inode }) => inode);
}

/** The same, each with the descriptor that it has in this process. */
export function socketsByDescriptor(pid: number): { fd: string; inode: string }[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) =>
      socketInode(`/proc/${pid}/fd/${fd}`).map((inode) => ({ fd, inode })),
    );
  } catch {
    return undefined;
  }
}

/** The socket behind a process's descriptor: its inode; undefined where it is no socket or the system does not tell. */
export function inodeOf(pid: number, fd: number): string | undefined {
  return socketInode(`/proc/${pid}/fd/${fd}`)[0];
}

/** The tables of sockets that are no TCP sockets, and in which column they have the inode. See proc(5). */
const otherTables = { unix: 6, udp: 9, udp6: 9, netlink: 9 };

/** The inodes of all UNIX, UDP and netlink sockets that the kernel lists. */
export function otherSockets(): Set<string> {
  return new Set(
    Object.entries(otherTables).flatMap(([name, column]) => {
      const rows = readText(`/proc/net/${name}`).split('\n').slice(1);
      return rows.flatMap((row) => row.trim().split(/\s+/)[column] ?? []);
    }),
  );
}

function socketInode(path: string): string[] {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode === undefined ? [] : [inode];
  } catch {
    // Closed after the listing, so not open.
    return [];
  }
}
