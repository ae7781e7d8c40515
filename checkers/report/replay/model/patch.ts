/** The difference between two states, so that a step can stand for many. */
import type { State } from './state.ts';

/** New values of the fields that differ; in the tables among them only the entries that differ, null: gone. */
export type Patch = Record<string, unknown>;

const TABLES = ['sockets', 'clients', 'upstreams', 'lanes'] as const;
type Table = (typeof TABLES)[number];

export function difference(before: State, after: State): Patch {
  const patch: Patch = {};
  for (const key of Object.keys(after) as (keyof State)[]) {
    if (before[key] === after[key]) continue;
    patch[key] = isTable(key) ? tableDifference(before[key], after[key]) : (after[key] ?? null);
  }
  return patch;
}

function isTable(key: keyof State): key is Table {
  return (TABLES as readonly string[]).includes(key);
}

function tableDifference(before: Record<string, unknown>, after: Record<string, unknown>): Patch {
  const patch: Patch = {};
  for (const key of Object.keys(before)) {
    if (!(key in after)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(after)) {
    if (before[key] !== value) patch[key] = value;
  }
  return patch;
}

export function applyPatch(state: State, patch: Patch): State {
  const next: Record<string, unknown> = { ...state };
  for (const [key, value] of Object.entries(patch)) {
    next[key] = isTable(key as keyof State) ? patchedTable(state[key as Table], value as Patch) : (value ?? undefined);
  }
  return next as unknown as State;
}

function patchedTable(table: Record<string, unknown>, patch: Patch): Record<string, unknown> {
  const next = { ...table };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}
