/** Reads single keys from a terminal, and always restores the terminal. */
import { emitKeypressEvents, type Interface, type Key } from 'node:readline';
import type { Wish } from './state.ts';

const wishes: Record<string, Wish> = {
  r: 'again',
  n: 'next',
  h: 'hint',
  f: 'filter',
  o: 'open',
  q: 'quit',
};

/** How long to wait after Escape for the rest of an arrow key, in ms. */
const ESCAPE_MS = 50;

/** What a key asks for; undefined: nothing. */
export function wishOf({ name = '', ctrl = false, meta = false }: Key): Wish | undefined {
  if (ctrl) return name === 'c' || name === 'd' ? 'quit' : undefined;
  return meta ? undefined : wishes[name];
}

/**
 * Reads single keys from the terminal on standard input.
 *
 * @returns ends that, and gives the terminal back
 */
export function onKeys(wished: (wish: Wish) => void): () => void {
  const { stdin } = process;
  const pressed = (_text: string | undefined, key: Key): void => {
    const wish = wishOf(key);
    if (wish !== undefined) wished(wish);
  };
  const gone = (): void => wished('quit');
  const restore = (): void => void stdin.setRawMode(false);
  // The shell has changed the mode meanwhile, so set ours again.
  const resumed = (): void => void stdin.setRawMode(false).setRawMode(true);
  emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
  stdin.on('keypress', pressed).on('end', gone).on('error', gone);
  process.on('exit', restore).on('SIGCONT', resumed);
  stdin.setRawMode(true).resume();
  return () => {
    stdin.off('keypress', pressed).off('end', gone).off('error', gone).pause();
    process.off('exit', restore).off('SIGCONT', resumed);
    restore();
  };
}
