/** Free ports for the checks, allocated in blocks, so that parallel runs cannot take one another's. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { readLocalPorts } from './tcp-table.ts';

const BLOCK = 64;
const FIRST = 10_240;

/** A block of ports that is ours until it is released. */
export class PortBlock {
  readonly #base: number;
  readonly #lock: Server;
  #next = 1;

  constructor(base: number, lock: Server) {
    this.#base = base;
    this.#lock = lock;
  }

  /** A port that was unused during the last minute. */
  take(): number {
    if (this.#next >= BLOCK) throw new Error('this run needs more ports than its block has');
    const port = this.#base + this.#next;
    this.#next += 1;
    // A port whose two bytes are equal hides a program that swaps them.
    return port >> 8 === (port & 0xff) ? this.take() : port;
  }

  /** Whether it may have no port left. */
  get usedUp(): boolean {
    // One is reserved, because the next one may have to be skipped.
    return this.#next >= BLOCK - 1;
  }

  release(): void {
    this.#lock.close();
  }
}

/** Finds and locks one block of ports: see takePortBlocks. */
export async function takePortBlock(): Promise<PortBlock> {
  const [block] = await takePortBlocks(1);
  if (block === undefined) throw new Error('no free ports were found');
  return block;
}

/**
 * Finds and locks blocks of ports. They are below the kernel's range for outgoing connections, or a client of one check
 * might get the port that another check's proxy is about to bind. The lock is a socket that listens on the first port.
 *
 * @throws Error when there are not enough free blocks
 */
export async function takePortBlocks(wanted: number): Promise<PortBlock[]> {
  const last = firstOutgoingPort() - BLOCK;
  const count = Math.max(1, Math.floor((last - FIRST) / BLOCK));
  const used = readLocalPorts();
  const blocks: PortBlock[] = [];
  const start = Math.floor(Math.random() * count);
  for (let i = 0; i < count && blocks.length < wanted; i += 1) {
    const base = FIRST + ((start + i) % count) * BLOCK;
    if (Array.from({ length: BLOCK }, (_, offset) => base + offset).some((port) => used.has(port))) continue;
    const lock = await tryListen(base);
    if (lock !== undefined) blocks.push(new PortBlock(base, lock));
  }
  if (blocks.length === wanted) return blocks;
  for (const block of blocks) block.release();
  throw new Error('no free ports were found');
}

function firstOutgoingPort(): number {
  try {
    const first = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1'), 10);
    return first > FIRST + BLOCK ? first : 32_768;
  } catch {
    return 32_768;
  }
}

/** Listens on a port; undefined if another process has it. */
export function tryListen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
    server.unref();
  });
}

/** Whether no process has this port. */
export async function isFree(port: number): Promise<boolean> {
  const server = await tryListen(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}
