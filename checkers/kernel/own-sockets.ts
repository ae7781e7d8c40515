/**
 * Which of a program's sockets belong to the check. It may open others at any time: for its log, for DNS, for metrics. The
 * checks do not judge those.
 */
import { readlinkSync } from 'node:fs';
import { loadGetxattr } from '../../linux/xattr.ts';
import type { TcpRow } from './tcp-row.ts';
import { otherSockets, readTcpTable, socketsByDescriptor } from './tcp-table.ts';

/** Longer than any protocol name of the kernel. */
const NAME_BYTES = 64;

/**
 * The kernel's name for the protocol of a process's socket: 'TCP', 'TCPv6', 'UDP', 'UNIX', 'NETLINK', … An unbound socket
 * is in no table of /proc/net, but it has this name.
 *
 * @returns undefined if the system does not tell
 */
export function protocolOf(pid: number, fd: string): string | undefined {
  const value = Buffer.alloc(NAME_BYTES);
  const length = loadGetxattr()?.(`/proc/${pid}/fd/${fd}`, 'system.sockprotoname', value, value.length) ?? -1;
  // The kernel counts the byte 0 at its end.
  return length > 0 ? value.toString('latin1', 0, length).replace(/\0.*$/s, '') : undefined;
}

/** Whether it may be a TCP socket; a system that does not tell the protocol at least lists other sockets in its tables. */
function mayBeTcp(pid: number, fd: string, inode: string, others: () => Set<string>): boolean {
  const protocol = protocolOf(pid, fd);
  return protocol === undefined ? !others().has(inode) : /^(MP)?TCP/.test(protocol);
}

/** Reads a list at its first use. */
function once<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}

/** The inodes of all TCP sockets that these processes have open; undefined if the system does not tell. */
export function tcpSocketsOf(pids: number[]): Set<string> | undefined {
  const lists = pids.map((pid) => ({ pid, sockets: socketsByDescriptor(pid) }));
  if (lists.every(({ sockets }) => sockets === undefined)) return undefined;
  const others = once(otherSockets);
  return new Set(
    lists.flatMap(({ pid, sockets = [] }) =>
      sockets.filter(({ fd, inode }) => mayBeTcp(pid, fd, inode, others)).map(({ inode }) => inode),
    ),
  );
}

/** Counts a program's sockets that belong to the check: TCP sockets, without those on other ports. */
export class OwnSockets {
  readonly #isOwn: (row: TcpRow) => boolean;
  /**
   * The classification of sockets that were open at the last look. A socket whose other end has closed may be in no table
   * any more; then its classification stays.
   */
  #known = new Map<string, boolean>();

  /** @param isOwn whether a row of the kernel's table is on one of the check's ports */
  constructor(isOwn: (row: TcpRow) => boolean) {
    this.#isOwn = isOwn;
  }

  /**
   * How many descriptors these processes have for such sockets. A TCP socket in no table was never connected, or is not any
   * more; it counts unless it was seen on another port. undefined if the system does not tell.
   */
  count(pids: number[]): number | undefined {
    const lists = pids.map((pid) => ({ pid, sockets: socketsByDescriptor(pid) }));
    if (lists.every(({ sockets }) => sockets === undefined)) return undefined;
    const [table, others] = [once(readTcpTable), once(otherSockets)];
    const rows = once(() => new Map(table().map((row) => [row.inode, row])));
    const known = new Map<string, boolean>();
    let count = 0;
    for (const { pid, sockets = [] } of lists) {
      for (const { fd, inode } of sockets) {
        const own = known.get(inode) ?? this.#known.get(inode) ?? this.#judge(pid, fd, inode, rows, others);
        if (own !== undefined) known.set(inode, own);
        if (own !== false) count += 1;
      }
    }
    this.#known = known;
    return count;
  }

  /** undefined: a TCP socket that is in no table */
  #judge(
    pid: number,
    fd: string,
    inode: string,
    rows: () => Map<string, TcpRow>,
    others: () => Set<string>,
  ): boolean | undefined {
    if (!mayBeTcp(pid, fd, inode, others)) return false;
    const row = rows().get(inode);
    return row && this.#isOwn(row);
  }
}

/** Whether a descriptor is for a file on a disk, or for a terminal or another device. */
export function isFile(pid: number, fd: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('/');
  } catch {
    // Closed between the listing and the look.
    return true;
  }
}
