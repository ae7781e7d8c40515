/** Whether a program may have ports 8080 and 3000 written into it, and so cannot be judged on others. */
import { STUB_EXIT_CODE } from '../../../stages/todo.ts';
import type { CheckResult, Evidence } from '../../contract/check.ts';
import { FIXED_PORTS } from '../../run/namespace.ts';
import { foundPortTaken, type MilestoneResult } from '../../run/run.ts';
import type { JudgedMilestone } from '../contract/order.ts';

/**
 * Looks for signs of hard-coded ports in a run on other ones: the program listens elsewhere, its port was taken by itself in
 * a parallel check, or it does not come to its upstream. A program that only seems to insist is judged twice, and is none
 * the worse for it.
 *
 * @param result of the run
 * @param before the milestones judged so far, on the same ports
 */
export function mayInsist({ stage, results }: MilestoneResult, before: JudgedMilestone[]): boolean {
  const failed = results.filter(failedElsewhere);
  if (failed.some((check) => listensElsewhere(check) || foundPortTaken(check))) return true;
  // A server has no upstream, and a milestone passed with an upstream that was reached.
  if (stage.role === 'server' || before.some(isPassed)) return false;
  return failed[0] !== undefined && !failed[0].evidence.timeline.some(({ what }) => what === 'accepts');
}

type Failed = CheckResult & { evidence: Evidence };

/** Whether the program ran on free ports and failed, other than in a part that is not written yet. */
function failedElsewhere(check: CheckResult): check is Failed {
  const { status, evidence } = check;
  if (status !== 'fail' || evidence === undefined || evidence.symptom === 'unreadable') return false;
  return evidence.exit?.code !== STUB_EXIT_CODE && evidence.ports.proxy !== FIXED_PORTS.proxy;
}

function listensElsewhere({ evidence }: Failed): boolean {
  return evidence.otherPorts.length > 0;
}

function isPassed({ checks }: JudgedMilestone): boolean {
  return checks.every(({ json }) => json.status === 'pass');
}
