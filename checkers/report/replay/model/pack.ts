/** Packs steps: each becomes a list of numbers, and repeated values are written once, in a table. */
import type { Step } from './steps.ts';

/** A packed value: the number itself, or the index of another value in `parts`. */
export interface Packed {
  parts: unknown[];
  steps: (number | null)[][];
}

/** These fields are numbers and stay unchanged; all others go to the table. */
const NUMBERS = ['ms', 'fd', 'took', 'result', 'repeats', 'bytes', 'count'] as const;
const OTHERS = [
  'kind',
  'phase',
  'call',
  'args',
  'place',
  'head',
  'events',
  'rows',
  'errno',
  'who',
  'what',
  'why',
  'calls',
  'patch',
  'passed',
  'text',
] as const;

export function pack(steps: Step[]): Packed {
  const parts: unknown[] = [];
  const known = new Map<string, number>();
  const place = (value: unknown): number => {
    const text = JSON.stringify(value);
    let index = known.get(text);
    if (index === undefined) {
      index = parts.push(value) - 1;
      known.set(text, index);
    }
    return index;
  };
  const rows = steps.map((step) => {
    const fields = step as unknown as Record<string, unknown>;
    const numbers = NUMBERS.map((key) => (fields[key] === undefined ? null : rounded(fields[key] as number)));
    const others = OTHERS.map((key) => (fields[key] === undefined ? null : place(fields[key])));
    const row = [...others.slice(0, 3), ...numbers, ...others.slice(3)];
    while (row.at(-1) === null) row.pop();
    return row;
  });
  return { parts, steps: rows };
}

export function unpack({ parts, steps }: Packed): Step[] {
  const keys = [...OTHERS.slice(0, 3), ...NUMBERS, ...OTHERS.slice(3)];
  return steps.map((row) => {
    const entries = row.flatMap((value, index): [string, unknown][] => {
      const key = keys[index];
      if (key === undefined || value === null) return [];
      return [[key, (NUMBERS as readonly string[]).includes(key) ? value : parts[value]]];
    });
    return Object.fromEntries(entries) as unknown as Step;
  });
}

/** Thousandths of a ms are precise enough for a reader. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
