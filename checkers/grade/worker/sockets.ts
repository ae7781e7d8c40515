/** Kernel memory of a submission's sockets: unread data belongs to no process. */
import { readdirSync, readlinkSync } from 'node:fs';
import { SocketDiag } from '../../kernel/socket-diag.ts';
import { socketBytes } from '../../kernel/socket-memory.ts';

/** Data in flight of the checks' own transfers stays below this, in bytes. */
const WORTH_A_LOOK = 2 ** 29;

/** Works only in the submission's own network namespace: elsewhere it would count all sockets of the machine. */
export class Sockets {
  #diag: SocketDiag | undefined;
  #ended = false;

  /** @param user as for watchMemory(); undefined: the worker has namespaces to itself */
  constructor(user?: number) {
    if (user === undefined) void this.#open();
  }

  async #open(): Promise<void> {
    const diag = await SocketDiag.open().catch(() => undefined);
    if (this.#ended) diag?.close();
    else this.#diag = diag;
  }

  /**
   * This memory in bytes by process. The owner is unknown, so each process gets a share proportional to its sockets.
   *
   * @returns an empty map below the threshold
   */
  shares(pids: number[]): Map<number, number> {
    const bytes = this.#diag === undefined ? 0 : socketBytes(this.#diag);
    if (bytes < WORTH_A_LOOK) return new Map();
    const counts = pids.map((pid) => [pid, socketCount(pid)] as const);
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    return new Map(counts.map(([pid, count]) => [pid, sum === 0 ? 0 : (bytes * count) / sum]));
  }

  /** Stops measuring. */
  end(): void {
    this.#ended = true;
    this.#diag?.close();
    this.#diag = undefined;
  }
}

function socketCount(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).filter((name) => isSocket(`${folder}/${name}`)).length;
  } catch {
    return 0;
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // It was closed meanwhile.
    return false;
  }
}
