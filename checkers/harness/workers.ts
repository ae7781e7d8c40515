/** The processes of a program that serve the same port: their ids, and their sockets and descriptors. */
import { readdirSync } from 'node:fs';
import { isFile } from '../kernel/own-sockets.ts';
import { stateLetter } from '../kernel/process-tree.ts';
import { readListeners, readTcpTable, socketsOf } from '../kernel/tcp-table.ts';
import type { Program } from './program.ts';

/** How many sockets listen on the program's port; 0 if the system does not tell. */
export function listeningSockets(program: Program): number {
  return readListeners().filter((row) => row.localPort === program.ports.proxy).length;
}

/** The running processes, without zombies. */
export function livingProcesses(program: Program): number[] {
  return program.pids().filter((pid) => !['Z', 'X', undefined].includes(stateLetter(pid)));
}

/**
 * Finds the process that serves each client.
 *
 * @param ports the clients' own ports
 * @returns the process that serves each of them; undefined if the system does not tell
 */
export function processesOf(program: Program, ports: number[]): (number | undefined)[] {
  const rows = readTcpTable().filter(({ localPort }) => localPort === program.ports.proxy);
  const inodes = new Map(rows.map(({ remotePort, inode }) => [remotePort, inode]));
  const owners = new Map(program.pids().flatMap((pid) => (socketsOf(pid) ?? []).map((inode) => [inode, pid] as const)));
  return ports.map((port) => owners.get(inodes.get(port) ?? ''));
}

/**
 * How many descriptors all processes of a program have open for their traffic: pipes, epoll instances and the like, and
 * sockets on the check's ports, without files and other sockets. undefined if the system does not tell.
 */
export function descriptorCount(program: Program): number | undefined {
  const sockets = program.socketCount();
  if (sockets === undefined) return undefined;
  return program.pids().reduce((sum, pid) => sum + othersOf(pid), sockets);
}

function othersOf(pid: number): number {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => !isFile(pid, fd)).length;
    return open - (socketsOf(pid)?.length ?? 0);
  } catch {
    // It has exited meanwhile.
    return 0;
  }
}

/** Sends a signal to one process, which may have exited already: the check will notice. */
export function signalOne(pid: number, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH
  }
}
