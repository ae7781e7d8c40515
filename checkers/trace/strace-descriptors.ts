/** The descriptors of a process, as far as strace shows: sockets, pipes, and duplicates of either. */

/** The descriptors of one process. */
export class Descriptors {
  readonly #sockets = new Set<number>();
  readonly #pipes = new Set<number>();
  /** other descriptors in epoll, such as an eventfd, which must be read, too, and pipes that bytes go through */
  readonly #used = new Set<number>();
  /** dup() and similar calls: for each duplicate, the number that stands for the socket in the trace */
  readonly #names = new Map<number, number>();

  /** @returns a copy, for a child process */
  copy(): Descriptors {
    const copy = new Descriptors();
    for (const fd of this.#sockets) copy.#sockets.add(fd);
    for (const fd of this.#pipes) copy.#pipes.add(fd);
    for (const fd of this.#used) copy.#used.add(fd);
    for (const [fd, name] of this.#names) copy.#names.set(fd, name);
    return copy;
  }

  /** The first of a socket's numbers, so that it stays one socket in the trace. */
  nameOf(fd: number): number {
    return this.#names.get(fd) ?? fd;
  }

  hasAny(): boolean {
    return this.#sockets.size > 0;
  }

  isSocket(fd: number): boolean {
    return this.#sockets.has(fd);
  }

  /** Whether it is a pipe, or another descriptor that never yields bytes of a connection. */
  isOther(fd: number): boolean {
    return this.#used.has(fd);
  }

  /** Whether it is a socket, a pipe or in epoll, as far as the trace shows. */
  isKnown(fd: number): boolean {
    return this.#sockets.has(fd) || this.#pipes.has(fd) || this.#used.has(fd);
  }

  socket(fd: number): void {
    this.#begin(fd);
    this.#sockets.add(fd);
  }

  pipe(fd: number): void {
    this.#begin(fd);
    this.#pipes.add(fd);
  }

  /** @param fd newly added to epoll, or one end of a splice(): perhaps an inherited socket */
  use(fd: number): void {
    if (!this.#sockets.has(fd)) this.#used.add(fd);
  }

  /** exec() replaces the program. strace does not show which descriptors that closes; only 0, 1 and 2 surely stay. */
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
   * @returns the name of the socket or pipe that closes with this number; undefined: none, because it has other numbers, or
   * is a file
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

  /** The kernel has reused a number: calls on older sockets under this number can no longer be distinguished. */
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

/** The descriptors of all processes of a program. A child gets copies of its parent's. */
export class DescriptorTables {
  readonly #tables = new Map<number, Descriptors>();
  /** by parent: its descriptors when it began to make its newest child */
  readonly #forked = new Map<number, Descriptors>();
  readonly #makerOf: (pid: number) => number | undefined;

  /** @param makerOf the parent of a process, if the trace tells */
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

  /** Must be called when a process makes a child. */
  forks(maker: number): void {
    this.#forked.set(maker, this.of(maker).copy());
  }
}
