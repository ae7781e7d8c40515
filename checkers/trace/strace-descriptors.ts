/** What the numbers of a process stand for, as far as strace has told: sockets, pipes, and second numbers of either. */

/** The descriptors of one process. */
export class Descriptors {
  readonly #sockets = new Set<number>();
  readonly #pipes = new Set<number>();
  /** what else epoll watches, such as an eventfd, which has to be read as well, and pipes that bytes are moved through */
  readonly #used = new Set<number>();
  /** dup() and its kin: the number by which all calls on the same socket are told, for each further number */
  readonly #names = new Map<number, number>();

  /** @returns a copy, for a process that this one makes */
  copy(): Descriptors {
    const copy = new Descriptors();
    for (const fd of this.#sockets) copy.#sockets.add(fd);
    for (const fd of this.#pipes) copy.#pipes.add(fd);
    for (const fd of this.#used) copy.#used.add(fd);
    for (const [fd, name] of this.#names) copy.#names.set(fd, name);
    return copy;
  }

  /** Of a socket with several numbers the first one, so that it stays one socket in the trace. */
  nameOf(fd: number): number {
    return this.#names.get(fd) ?? fd;
  }

  hasAny(): boolean {
    return this.#sockets.size > 0;
  }

  isSocket(fd: number): boolean {
    return this.#sockets.has(fd);
  }

  /** Whether it is a pipe, or something else that no bytes of a connection come out of. */
  isOther(fd: number): boolean {
    return this.#used.has(fd);
  }

  socket(fd: number): void {
    this.#begin(fd);
    this.#sockets.add(fd);
  }

  pipe(fd: number): void {
    this.#begin(fd);
    this.#pipes.add(fd);
  }

  /** @param fd of something that epoll watches from now on, or of one end of a splice(): perhaps of an inherited socket */
  use(fd: number): void {
    if (!this.#sockets.has(fd)) this.#used.add(fd);
  }

  /** A new program takes the place of the old one. What was closed with that is not told of; only 0, 1 and 2 surely stay. */
  exec(): void {
    for (const fd of [...this.#sockets]) if (fd > 2) this.close(fd);
    this.#pipes.clear();
    this.#used.clear();
  }

  duplicate(fd: number, copy: number): void {
    const name = this.nameOf(fd);
    if (fd === copy) return;
    this.#begin(copy);
    if (this.#pipes.has(fd)) this.#pipes.add(copy);
    if (!this.#sockets.has(name)) return;
    this.#sockets.add(copy);
    this.#names.set(copy, name);
    this.#names.set(name, name);
  }

  /**
   * @returns the name of the socket or pipe that is gone with this number; undefined: none is, for it has other numbers, or
   * it is a file
   */
  close(fd: number): number | undefined {
    const used = this.#used.delete(fd);
    if (this.#pipes.delete(fd) || used) return fd;
    if (!this.#sockets.delete(fd)) return undefined;
    const name = this.nameOf(fd);
    this.#names.delete(fd);
    return [...this.#names.values()].includes(name) ? undefined : name;
  }

  /** The sockets and pipes with numbers in this range. */
  between(first: number, last: number): number[] {
    return [...new Set([...this.#sockets, ...this.#pipes, ...this.#used])].filter((fd) => fd >= first && fd <= last);
  }

  /** The kernel has given a number out anew: calls on older sockets that are still told by it cannot be told apart. */
  #begin(fd: number): void {
    this.#pipes.delete(fd);
    this.#used.delete(fd);
    for (const [other, name] of this.#names) {
      if (name !== fd && other !== fd) continue;
      this.#names.delete(other);
      this.#sockets.delete(other);
    }
  }
}

/** The descriptors of all processes of a program. A process that another one makes gets copies of its maker's. */
export class DescriptorTables {
  readonly #tables = new Map<number, Descriptors>();
  /** by maker: what it had when it began to make its newest process */
  readonly #forked = new Map<number, Descriptors>();
  readonly #makerOf: (pid: number) => number | undefined;

  /** @param makerOf the process that made this one, where the trace tells */
  constructor(makerOf: (pid: number) => number | undefined) {
    this.#makerOf = makerOf;
  }

  of(pid: number): Descriptors {
    const maker = this.#makerOf(pid);
    const inherited = maker === undefined ? undefined : this.#forked.get(maker);
    const table = this.#tables.get(pid) ?? inherited?.copy() ?? new Descriptors();
    this.#tables.set(pid, table);
    return table;
  }

  /** To be told when a process makes another one. */
  forks(maker: number): void {
    this.#forked.set(maker, this.of(maker).copy());
  }
}
