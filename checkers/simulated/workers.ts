/** In place of checkers/harness/workers.ts: a simulated program is one process. */
import type { Program } from '../harness/program.ts';
import { countDescriptors, countSockets, readListeners } from './proc.ts';

export function listeningSockets({ ports }: Program): number {
  return readListeners().filter((row) => row.localPort === ports.proxy).length;
}

export function livingProcesses(program: Program): number[] {
  return program.pids();
}

export function processesOf(program: Program, ports: number[]): (number | undefined)[] {
  return ports.map(() => program.pids()[0]);
}

/** Those of pipes, epoll instances and the like, and of sockets on the check's ports. */
export function descriptorCount(program: Program): number | undefined {
  const sockets = program.socketCount();
  const all = countDescriptors(program.pids());
  const others = all - countSockets(program.pids(), () => true);
  return sockets === undefined ? undefined : sockets + others;
}

export function signalOne(): void {}
