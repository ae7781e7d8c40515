/** Detects a listening port without a connection: a probe would be a client. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { reachableFromLoopback, readListeners } from './tcp-table.ts';

const hasProc = existsSync('/proc/net/tcp');
const POLL_MS = hasProc ? 8 : 100;

const asked = new Map<number, () => void>();
let timer: NodeJS.Timeout | undefined;

/**
 * Calls back as soon as a client on 127.0.0.1 could connect to this port. All callers share one look at the kernel's
 * sockets.
 *
 * @returns a function that stops asking
 */
export function onListening(port: number, callback: () => void): () => void {
  asked.set(port, callback);
  if (timer === undefined) schedule();
  return () => asked.delete(port);
}

function schedule(): void {
  timer = setTimeout(async () => {
    const listening = hasProc ? portsFromTable() : await portsFromLsof();
    for (const [port, callback] of asked) {
      if (!listening.has(port)) continue;
      asked.delete(port);
      callback();
    }
    timer = undefined;
    if (asked.size > 0) schedule();
  }, POLL_MS);
}

function portsFromTable(): Set<number> {
  return new Set(
    readListeners()
      .filter(reachableFromLoopback)
      .map((row) => row.localPort),
  );
}

/** macOS and the BSDs have no /proc; lsof lists the same. */
function portsFromLsof(): Promise<Set<number>> {
  return new Promise((resolve) => {
    execFile('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fn'], (_error, stdout) => {
      resolve(new Set([...String(stdout).matchAll(/^n.*:(\d+)$/gm)].map((match) => Number(match[1]))));
    });
  });
}
