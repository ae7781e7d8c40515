/** A process: its descriptors, its errno and its signals. */

import type { Choices } from './choices.ts';
import { EBADF, EMFILE, errorName } from './errors.ts';
import { READABLE } from './events.ts';
import { O_RDWR, OpenFile } from './file.ts';
import { type Attempt, done, NotSimulated } from './outcome.ts';

/** What makes one process differ from another. */
export interface ProcessOptions {
  /** RLIMIT_NOFILE: descriptors are smaller than this. Node raises its limit to the hard one, which is large. */
  descriptors?: number;
  /** files for the descriptors from 0 on, e.g. standard input, output and error; undefined: that descriptor is free */
  files?: (OpenFile | undefined)[];
  /** the process that started it: it gets SIGCHLD when this one ends */
  parent?: Process;
  /** its number; the kernel gives one */
  pid?: number;
}

/** How a process has ended: with an exit code, or by a signal. */
export interface ExitStatus {
  code: number | null;
  signal: string | null;
}

const MANY_DESCRIPTORS = 1_048_576;

export class Process {
  readonly pid: number;
  readonly parent: Process | undefined;
  readonly limit: number;
  /** by descriptor */
  readonly #files: (OpenFile | undefined)[] = [];
  #lowestFree = 0;
  /** descriptors with FD_CLOEXEC */
  readonly closeOnExec = new Set<number>();
  /** number of the last error; 0: none yet */
  lastError = 0;
  /** how many calls it has made */
  calls = 0;
  /** it waits in a call */
  waiting = false;
  /** a signal came while it waited */
  interrupted = false;
  /** a signal that ends it */
  fatal: string | undefined;
  /** SIGSTOP: it does not move until SIGCONT */
  stopped = false;
  /** undefined: it lives */
  ended: ExitStatus | undefined;
  /** is told when a signal changed one of the above: a program that runs elsewhere has to be woken */
  onSignal: (() => void) | undefined;
  /** signals that came while it was stopped */
  readonly #held: string[] = [];
  readonly signals: SignalFile;
  /** is told of every call that is over, for traces */
  onCall: ((call: string, args: unknown[], result: number) => void) | undefined;

  constructor(
    readonly choices: Choices,
    readonly name: string,
    { descriptors = MANY_DESCRIPTORS, files = [], parent, pid = 0 }: ProcessOptions = {},
  ) {
    this.pid = pid;
    this.parent = parent;
    this.limit = descriptors;
    this.signals = new SignalFile();
    files.forEach((file, fd) => {
      if (file !== undefined) this.install(file, fd);
    });
  }

  file(fd: number): OpenFile | undefined {
    return this.#files[fd];
  }

  /** Open descriptors, ascending. */
  get descriptors(): number[] {
    return this.#files.flatMap((file, fd) => (file === undefined ? [] : [fd]));
  }

  get isFull(): boolean {
    return this.#lowestFree >= this.limit;
  }

  /** Gives a file the lowest free descriptor; minus EMFILE when there is none. */
  install(file: OpenFile, least = 0): number {
    let fd = Math.max(this.#lowestFree, least);
    while (this.#files[fd] !== undefined) fd += 1;
    if (fd >= this.limit) return -EMFILE;
    this.#files[fd] = file;
    file.references += 1;
    if (fd === this.#lowestFree) {
      do this.#lowestFree += 1;
      while (this.#files[this.#lowestFree] !== undefined);
    }
    return fd;
  }

  /** close(2): the descriptor is free at once; the file goes with its last descriptor. */
  close(fd: number): Attempt {
    const file = this.#files[fd];
    if (file === undefined) return done(-EBADF);
    this.#files[fd] = undefined;
    this.closeOnExec.delete(fd);
    this.#lowestFree = Math.min(this.#lowestFree, fd);
    file.references -= 1;
    if (file.references > 0) return done(0);
    // epoll forgets a file, not a descriptor: see epoll(7), questions and answers.
    for (const registration of [...file.registrations]) registration.forget();
    return file.release();
  }

  /** What errno() says. */
  get errno(): string {
    return this.lastError === 0 ? '' : errorName(this.lastError);
  }

  /** Sends it a signal, as kill(2) does. */
  signal(name: string): void {
    if (this.ended !== undefined) return;
    if (name === 'SIGKILL') this.fatal = name;
    else if (name === 'SIGCONT') this.#continue();
    else if (this.stopped) this.#held.push(name);
    else if (name === 'SIGSTOP' || (STOPPING.has(name) && !this.signals.wanted.has(name))) {
      this.stopped = true;
      // Its calls end before it stops: those that no signal restarts fail with EINTR when it goes on. See signal(7).
      this.interrupt();
    } else this.#act(name);
    this.onSignal?.();
  }

  /** Without a stop before it SIGCONT does nothing, unless the program reads it. */
  #continue(): void {
    this.stopped = false;
    if (this.signals.wanted.has('SIGCONT')) this.#act('SIGCONT');
    for (const name of this.#held.splice(0)) this.signal(name);
  }

  #act(name: string): void {
    if (this.signals.wanted.has(name)) {
      this.signals.push(name);
      if (this.choices.pick('signal-thread', 2) === 0) this.interrupt();
    } else if (!IGNORED.has(name)) this.fatal ??= name;
  }

  /** A signal was handled: calls that it interrupts fail with EINTR. See signal(7). */
  interrupt(): void {
    if (this.waiting) this.interrupted = true;
  }
}

/** Signals that do nothing to a program on Node without a handler for them. */
const IGNORED = new Set(['SIGCHLD', 'SIGURG', 'SIGWINCH', 'SIGPIPE']);
/** Signals that stop a process without a handler for them; SIGSTOP always does. */
const STOPPING = new Set(['SIGTSTP', 'SIGTTIN', 'SIGTTOU']);

/** Signals that wait to be read. See signalfd(2). */
export class SignalFile extends OpenFile {
  readonly wanted = new Set<string>();
  readonly #waiting: string[] = [];

  constructor() {
    super(O_RDWR);
  }

  push(name: string): void {
    // A signal that is pending already is not queued again; libuv's pipe, which #linux reads, has one record for each.
    this.#waiting.push(name);
    this.queue.wake(READABLE);
  }

  /** The first one; undefined: none. */
  take(): string | undefined {
    return this.#waiting.shift();
  }

  override poll(): number {
    return this.#waiting.length > 0 ? READABLE : 0;
  }

  override read(): Attempt {
    throw new NotSimulated('read() from a signalfd, only read_signal()');
  }

  override release(): Attempt {
    return done(0);
  }
}
