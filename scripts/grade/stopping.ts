/** Ctrl-C and SIGTERM: running submissions are cancelled, results are kept. */

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Stop = keyof typeof EXIT_CODES;

/** Stopped before there were results. */
export class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopped');
    this.exitCode = exitCode;
  }
}

/**
 * Runs a task that can be cancelled.
 *
 * @throws Stopped when it was
 */
export async function unlessStopped<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = stopping();
  try {
    return await action(stop.signal);
  } catch (error) {
    // Errors of cancelled tasks are expected.
    const code = stop.exitCode();
    throw code === null ? error : new Stopped(code);
  } finally {
    stop.done();
  }
}

/** Listens until `done`; a second signal has its default effect. */
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
