/** In place of checkers/kernel/listening.ts. */
import { reachableFromLoopback, readListeners } from './proc.ts';
import { post } from './world.ts';

/** How often to look, in ms of virtual time. */
const POLL_MS = 2;

/** See kernel/listening.ts. */
export function onListening(port: number, callback: () => void): () => void {
  let over = false;
  const look = (): void => {
    if (over) return;
    if (readListeners().some((row) => row.localPort === port && reachableFromLoopback(row))) callback();
    else post('harness', POLL_MS, look);
  };
  post('harness', POLL_MS, look);
  return () => {
    over = true;
  };
}
