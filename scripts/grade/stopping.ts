/** Ctrl-C and a polite kill: what is running is given up, what is known stays. */

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Stop = keyof typeof EXIT_CODES;

/** Somebody stopped us before there was anything to tell. */
export class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopped');
    this.exitCode = exitCode;
  }
}

/**
 * Does something that can be given up.
 *
 * @throws Stopped when it was
 */
export async function unlessStopped<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = stopping();
  try {
    return await action(stop.signal);
  } catch (error) {
    // What was under way says that it was given up, and nobody needs to hear that.
    const code = stop.exitCode();
    throw code === null ? error : new Stopped(code);
  } finally {
    stop.done();
  }
}

/** Listens until `done`; a second signal does what signals do. */
export function stopping(): { signal: AbortSignal; exitCode: () => number | null; done: () => void } {
  const abort = new AbortController();
  let code: number | null = null;
  const stop = (name: Stop) => {
    code = EXIT_CODES[name];
    done();
    abort.abort();
  };
  const names = Object.keys(EXIT_CODES) as Stop[];
  for (const name of names) process.on(name, stop);
  function done(): void {
    for (const name of names) process.off(name, stop);
  }
  return { signal: abort.signal, exitCode: () => code, done };
}
