/** Why a program ended, from its exit status and its last words. */
import type { Evidence } from '../check.ts';
import { fromRoot } from '../root.ts';
import { inPlainWords } from './errno.ts';

/** The error that a program died of. */
export interface ProgramError {
  /** e.g. 'TypeError: x is not a function' */
  message: string;
  /** 'stages/stage-4-tcp-proxy/proxy.ts:57', as far as its stack tells */
  place?: string;
}

/** Finds the error in what Node, tsx or Python print for an uncaught one. */
export function errorOf(lines: string[]): ProgramError | undefined {
  const index = lines.findIndex((line) => /^(Uncaught )?[A-Z]\w*(Error|Exception)\b/.test(line));
  const message = lines[index];
  if (message === undefined) return undefined;
  const place = lines
    .slice(index + 1)
    .map(placeIn)
    .find((found) => found !== undefined);
  return place === undefined ? { message } : { message, place };
}

function placeIn(line: string): string | undefined {
  const match = /(?:file:\/\/)?(\/[^\s():]+\.[cm]?[jt]s):(\d+)(?::\d+)?/.exec(line);
  if (match?.[1] === undefined || match[1].includes('node_modules')) return undefined;
  return `${fromRoot(match[1])}:${match[2]}`;
}

/** One sentence on why the program is gone; undefined when nothing tells. */
export function causeOfExit({ exit, lastLines }: Evidence): string | undefined {
  // No exit at all: it could not be started, and the line that says why is all there is.
  if (exit === undefined) return lastLines[0];
  const error = errorOf(lastLines);
  if (error !== undefined) {
    const place = error.place === undefined ? '' : ` (${error.place})`;
    return `the program died of an error that nothing caught: ${error.message}${place}`;
  }
  const call = lastLines
    .map((line) => /^(\w+): (.+)$/.exec(line))
    .find((match) => match && inPlainWords(match[2] ?? ''));
  if (call) return `the program gave up because ${call[1]}() failed: ${inPlainWords(call[2] ?? '')}`;
  if (exit.code === 0) return 'the program came to its end by itself: a proxy has to go on for ever';
  if (exit.code === 127) return 'the command was not found';
  if (exit.signal !== null) return `the program was ended by the signal ${exit.signal}`;
  return undefined;
}
