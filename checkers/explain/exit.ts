/** The last words of a program that died of an error. */
import { fromRoot } from '../root.ts';

/** The error that a program died of. */
export interface ProgramError {
  /** e.g. 'TypeError: x is not a function' */
  message: string;
  /** 'stages/stage-4-tcp-proxy/proxy.ts:57', as far as its stack tells */
  place?: string;
  /** the functions on its stack, innermost first */
  functions: string[];
}

/** Finds the error in what Node, tsx or Python print for an uncaught one. */
export function errorOf(lines: string[]): ProgramError | undefined {
  const index = errorLine(lines);
  const message = lines[index];
  if (message === undefined) return undefined;
  const places = lines.slice(index + 1).flatMap((line) => placeIn(line) ?? []);
  const functions = lines.slice(index + 1).flatMap((line) => /^\s+at (?:async )?([\w$]+) \(/.exec(line)?.[1] ?? []);
  const place = places.find((found) => !found.startsWith('linux/'));
  return place === undefined ? { message, functions } : { message, place, functions };
}

/** Where among the lines the error's own message stands; -1: nowhere. */
export function errorLine(lines: string[]): number {
  return lines.findIndex((line) => /^(Uncaught )?([A-Z]\w*)?(Error|Exception)\b/.test(line));
}

function placeIn(line: string): string | undefined {
  const match = /(?:file:\/\/)?((?:[\w.-]+)?\/[^\s():]+\.[cm]?[jt]s):(\d+)(?::\d+)?/.exec(line);
  if (match?.[1] === undefined || match[1].includes('node_modules')) return undefined;
  return `${fromRoot(match[1])}:${match[2]}`;
}
