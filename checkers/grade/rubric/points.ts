/** From judged checks to points. */

import type { JudgedCheck, JudgedMilestone } from '../contract/order.ts';
import type { CheckGrade, MilestoneGrade } from '../contract/result.ts';
import { mostlyPassed } from '../worker/judge.ts';
import { checkKey, type Rubric } from './rubric.ts';

/** A milestone with the points of each check. */
export function gradeMilestone(judged: JudgedMilestone, title: string, seed: string, rubric: Rubric): MilestoneGrade {
  const checks = judged.checks.map((check) => gradeCheck(check, judged.id, rubric));
  return { id: judged.id, title, seed, ms: judged.ms, checks };
}

function gradeCheck({ json, attempts }: JudgedCheck, milestone: string, rubric: Rubric): CheckGrade {
  const worth = rubric.points.get(checkKey(milestone, json.id)) ?? 0;
  const outOf = isUnjudgeable(json.status, attempts) ? 0 : worth;
  return { ...json, attempts, outOf, points: counts(json.status, attempts, rubric) ? outOf : 0 };
}

function counts(status: CheckGrade['status'], attempts: string[], { flaky }: Rubric): boolean {
  if (!attempts.includes('pass') || status === 'broken') return false;
  if (!attempts.includes('fail')) return status === 'pass';
  if (flaky === 'majority') return mostlyPassed(attempts);
  return flaky === 'pass';
}

/** Skipped for what this machine lacks, not for what the program did. */
function isUnjudgeable(status: CheckGrade['status'], attempts: string[]): boolean {
  return status === 'skipped' && attempts.at(-1) === 'skipped';
}
