/** Reads a result, and detects damaged or foreign files. */
import { GRADE_VERSION, ISOLATION_LEVELS } from '../contract/result.ts';
import type { StoredGrade } from './grader.ts';

/** The grade in a file, or what is wrong with the file, to follow its name. */
export type Read = { grade: StoredGrade } | { wrong: string };

/** A result from its text. */
export function readStored(text: string): Read {
  let data: unknown;
  try {
    data = upToDate(JSON.parse(text));
  } catch {
    return { wrong: text.trim() === '' ? 'is empty' : 'is not whole JSON' };
  }
  if (isRecord(data) && data.version !== GRADE_VERSION && 'version' in data) {
    return { wrong: `is of version ${String(data.version)}, and this is version ${GRADE_VERSION}` };
  }
  return isStored(data) ? { grade: data } : { wrong: 'is not a result of this grader' };
}

/** A result of version 1 as one of version 2, in which the status 'unsteady' is called 'flaky'. */
function upToDate(data: unknown): unknown {
  if (!isRecord(data) || data.version !== 1 || !Array.isArray(data.milestones)) return data;
  const milestones = data.milestones.map((milestone) => ({
    ...milestone,
    checks: milestone?.checks?.map?.((check: { status?: unknown }) => ({
      ...check,
      status: check?.status === 'unsteady' ? 'flaky' : check?.status,
    })),
  }));
  return { ...data, version: GRADE_VERSION, milestones };
}

function isStored(data: unknown): data is StoredGrade {
  if (!isRecord(data) || data.version !== GRADE_VERSION) return false;
  const { student, versions, basis, milestones } = data;
  return (
    allStrings(student, ['id', 'name']) &&
    allStrings(versions, ['submission', 'checks', 'rubric']) &&
    allStrings(data, ['status', 'seed', 'startedAt', 'again']) &&
    ['graded', 'refused', 'broken'].includes(String(data.status)) &&
    ISOLATION_LEVELS.some((level) => level === data.isolation) &&
    [data.stage, data.points, data.outOf, data.ms].every((number) => Number.isFinite(number)) &&
    Array.isArray(data.notes) &&
    allStrings(basis, ['classSeed']) &&
    Array.isArray(milestones) &&
    milestones.every(isMilestone)
  );
}

function isMilestone(data: unknown): boolean {
  return (
    allStrings(data, ['id', 'title', 'seed']) &&
    isRecord(data) &&
    Array.isArray(data.checks) &&
    data.checks.every((check) => allStrings(check, ['id', 'title', 'status']) && Number.isFinite(check.points))
  );
}

function allStrings(data: unknown, names: string[]): data is Record<string, unknown> {
  return isRecord(data) && names.every((name) => typeof data[name] === 'string');
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
