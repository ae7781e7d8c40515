/** Memory that the kernel keeps for a submission's sockets: what was sent, and nobody reads, is in no process. */
import { readdirSync, readlinkSync } from 'node:fs';
import { SocketDiag } from '../../kernel/socket-diag.ts';
import { socketBytes } from '../../kernel/socket-memory.ts';

/** What the checks' own transfers have under way stays below this, in bytes. */
const WORTH_A_LOOK = 2 ** 29;

/** Where the submission has a network namespace to itself, and only there: elsewhere it would be everybody's. */
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
   * Whose it is, in bytes by process: as nobody can tell, each has a part as large as its part of all their sockets.
   *
   * @returns nothing as long as it is not much
   */
  shares(pids: number[]): Map<number, number> {
    const bytes = this.#diag === undefined ? 0 : socketBytes(this.#diag);
    if (bytes < WORTH_A_LOOK) return new Map();
    const counts = pids.map((pid) => [pid, socketCount(pid)] as const);
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    return new Map(counts.map(([pid, count]) => [pid, sum === 0 ? 0 : (bytes * count) / sum]));
  }

  /** Asks no more. */
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
