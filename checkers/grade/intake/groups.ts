/** Pairs and groups: what one member handed in is the hand-in of all, and they share a mark. */

import { some } from '../contract/limits.ts';
import type { Submission } from '../contract/submission.ts';

/** A group: its name, the ids of its members, and what was handed in under its own name. */
export interface Team {
  name: string;
  ids: string[];
  own?: Submission;
}

/**
 * Gives every member of a group its newest hand-in.
 *
 * @returns the submissions in the same order, and one sentence for each group that handed in more than once
 */
export function shared(submissions: Submission[], teams: Team[]): { submissions: Submission[]; told: string[] } {
  const byId = new Map(submissions.map((one) => [one.student.id, one]));
  const told: string[] = [];
  for (const { name, ids, own } of teams) {
    const members = ids.flatMap((id) => byId.get(id) ?? []).toSorted((a, b) => (a.student.id < b.student.id ? -1 : 1));
    const handed = [...members, ...(own === undefined ? [] : [own])].filter(({ kind }) => kind !== 'missing');
    const [first] = members;
    const counts = handed.toSorted((a, b) => ((a.submittedAt ?? '') > (b.submittedAt ?? '') ? -1 : 1))[0];
    if (first === undefined || counts === undefined) continue;
    const places = new Map(handed.map((one) => [one.path, one.student.id]));
    if (places.size > 1) {
      told.push(
        `The group ${name} handed in more than once (${some([...places.values()])}); '${counts.student.id}' counts.`,
      );
    }
    const note = `Handed in by the group ${name}: ${members.map(({ student }) => student.id).join(', ')}.`;
    const allowance = mostOf(members);
    for (const { student } of members) {
      byId.set(student.id, {
        ...counts,
        student,
        notes: [...(counts.notes ?? []), note],
        ...(allowance !== undefined && { allowance }),
        group: { name, first: first.student.id },
      });
    }
  }
  return { submissions: submissions.map((one) => byId.get(one.student.id) ?? one), told };
}

/** The most that the list grants to one of the members; a moment counts before a number of days. */
function mostOf(members: Submission[]): Submission['allowance'] {
  const all = members.flatMap(({ allowance }) => allowance ?? []);
  if (all.length === 0) return undefined;
  const extensions = all.flatMap(({ extension }) => extension ?? []);
  const untils = extensions.flatMap((one) => ('until' in one ? [one.until] : []));
  const days = extensions.flatMap((one) => ('days' in one ? [one.days] : []));
  const until = untils.toSorted().at(-1);
  const extension = until !== undefined ? { until } : days.length > 0 ? { days: Math.max(...days) } : null;
  return { extension, lateDays: Math.max(...all.map(({ lateDays }) => lateDays)) };
}
