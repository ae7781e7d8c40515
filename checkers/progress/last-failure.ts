/** The last failed check of each milestone, and the hints shown so far: .workshop/hints.json. */
import { STUB_EXIT_CODE } from '../../stages/todo.ts';
import type { CheckResult } from '../contract/check.ts';
import type { MilestoneResult } from '../run/run.ts';
import { readWorkshopFile, writeWorkshopFile } from './workshop-file.ts';

/** A failed check, as stored. */
export interface LastFailure {
  milestone: string;
  check: string;
  seed: string;
  /** the TODO whose stub stopped the program, if that is why it failed */
  todo?: string;
  causeId?: string;
  /** where the report said to read, e.g. 'docs/stage-4-tcp-proxy.md#createserver' */
  doc?: string;
}

interface Memory {
  /** at most one for each milestone, newest first */
  failed: LastFailure[];
  /** how many levels of each hint were shown, by the hint's key */
  shown: Record<string, number>;
}

const FILE = 'hints.json';

/** The last failure of each milestone, newest first, without checks that have passed since. */
export function readFailures(): LastFailure[] {
  return readMemory().failed;
}

/** Stores the first check that failed; removes checks that have passed. */
export function rememberFailure({ milestone, seed, results }: MilestoneResult): void {
  const memory = readMemory();
  const passed = results.filter(({ status }) => status === 'pass').map(({ id }) => id);
  for (const id of passed) delete memory.shown[`${milestone.id} ${id}`];
  const failed = results.find(({ status }) => status === 'fail') ?? results.find(({ status }) => status === 'flaky');
  const isOver = (known: LastFailure): boolean =>
    known.milestone === milestone.id && (failed !== undefined || passed.includes(known.check));
  const rest = memory.failed.filter((known) => !isOver(known));
  memory.failed = failed === undefined ? rest : [{ milestone: milestone.id, seed, ...failureOf(failed) }, ...rest];
  writeWorkshopFile(FILE, memory);
}

function failureOf({
  id,
  evidence,
  explanation,
}: CheckResult): Pick<LastFailure, 'check' | 'todo' | 'causeId' | 'doc'> {
  const stub = evidence?.exit?.code === STUB_EXIT_CODE ? explanation?.todo : undefined;
  const { causeId, doc } = explanation ?? {};
  return { check: id, ...(stub && { todo: stub }), ...(causeId && { causeId }), ...(doc && { doc }) };
}

/**
 * The level of a hint to show now: one more than last time.
 *
 * @param key of the hint
 * @param levels how many it has; when all were shown, the answer stays one above
 */
export function nextHintLevel(key: string, levels: number): number {
  const memory = readMemory();
  const level = Math.min((memory.shown[key] ?? 0) + 1, levels + 1);
  writeWorkshopFile(FILE, { ...memory, shown: { ...memory.shown, [key]: level } });
  return level;
}

/** The valid parts of the file; the rest is ignored. */
function readMemory(): Memory {
  const { failed, shown } = (readWorkshopFile(FILE) ?? {}) as Partial<Record<keyof Memory, unknown>>;
  const levels = Object.entries(isObject(shown) ? shown : {}).filter(([, level]) => Number.isInteger(level));
  return {
    failed: Array.isArray(failed) ? failed.filter(isFailure) : [],
    shown: Object.fromEntries(levels) as Record<string, number>,
  };
}

function isFailure(value: unknown): value is LastFailure {
  const texts = ['milestone', 'check', 'seed'] as const;
  return isObject(value) && texts.every((name) => typeof value[name] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
