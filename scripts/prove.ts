/**
 * npm run prove [20] [stage 8] [busy] [traced]: judges every correct proxy on this machine, our solution too, repeatedly. All
 * have to pass each time; 'busy' keeps every processor busy meanwhile; 'traced' judges our solution with and without
 * the trace of its system calls, in turns, and reports the cost of the trace; 'stage 8' selects one stage. For authors of
 * checks.
 */

import { asCandidate, checksFor, controls } from '../checkers/controls/controls.ts';
import { course, type Milestone, programPath, stageOf } from '../checkers/course/course.ts';
import { freshSeed } from '../checkers/harness/payload.ts';
import { median } from '../checkers/race/figures.ts';
import type { Candidate } from '../checkers/run/candidate.ts';
import { type MilestoneResult, runMilestone } from '../checkers/run/run.ts';
import { keepBusy } from './busy.ts';
import { stageMeant } from './choosing.ts';
import { readWords } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

const vocabulary = {
  switches: ['busy', 'traced'],
  options: ['stage'],
  plain: 1,
  isPlain: (word: string) => /^\d+$/.test(word),
};

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { plain, switches, options } = readWords(typed, vocabulary);
    const times = Number(plain[0] ?? 20);
    const milestones = milestonesOf(options.get('stage'));
    if (switches.has('traced')) return costOfTracing(milestones, times);
    return prove(milestones, times, switches.has('busy'));
  });
}

/** Those of one stage, or all. */
function milestonesOf(stage: string | undefined): Milestone[] {
  if (stage !== undefined) return stageMeant(stage, 'npm run prove stage').milestones;
  return course.flatMap(({ milestones }) => milestones);
}

async function prove(milestones: Milestone[], times: number, busy: boolean): Promise<number> {
  const load = busy ? keepBusy() : undefined;
  const failures: string[] = [];
  for (const milestone of milestones) {
    const solution = programPath(stageOf(milestone), 'solutions');
    const candidates: [string, Candidate, string[]?][] = [
      ['solution', { kind: 'file', path: solution, whose: 'solution' }],
      ...controls
        .filter((control) => control.stages.includes(stageOf(milestone).number) && !control.missing())
        .map((control): [string, Candidate, string[]] => [
          control.id,
          asCandidate(control),
          checksFor(control, milestone),
        ]),
    ];
    for (const [name, candidate, only] of candidates) {
      const durations: number[] = [];
      for (let time = 0; time < times; time += 1) {
        const result = await runMilestone({ milestone, candidate, seed: freshSeed(), ...(only && { only }) });
        durations.push(result.ms);
        failures.push(...complaints(name, result));
      }
      process.stdout.write(`${name.padEnd(18)} ${milestone.id}  ${times} times, ${spread(durations)}\n`);
    }
  }
  await load?.end();
  process.stdout.write(failures.length === 0 ? 'All passed, every time.\n' : `${failures.join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** The same milestone traced and untraced, in turns, so that both see the same machine. */
async function costOfTracing(milestones: Milestone[], times: number): Promise<number> {
  const failures: string[] = [];
  for (const milestone of milestones) {
    const path = programPath(stageOf(milestone), 'solutions');
    const durations: Record<'plain' | 'traced', number[]> = { plain: [], traced: [] };
    for (let time = 0; time < times; time += 1) {
      for (const record of [false, true]) {
        const candidate: Candidate = { kind: 'file', path, whose: 'solution' };
        const result = await runMilestone({ milestone, candidate, seed: freshSeed(), record });
        durations[record ? 'traced' : 'plain'].push(result.ms);
        failures.push(...complaints(record ? 'traced solution' : 'solution', result));
      }
    }
    const ratio = median(durations.traced) / median(durations.plain);
    process.stdout.write(`solution           ${milestone.id}  ${times} times, ${spread(durations.plain)}\n`);
    process.stdout.write(`  with its trace   ${milestone.id}  ${times} times, ${spread(durations.traced)}\n`);
    process.stdout.write(`  traced / plain   ${milestone.id}  ${ratio.toFixed(2)} (medians)\n`);
  }
  process.stdout.write(failures.length === 0 ? 'All passed, every time.\n' : `${failures.join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}

function complaints(name: string, result: MilestoneResult): string[] {
  const others = result.results.filter((check) => check.status !== 'pass');
  return others.map((check) => {
    const what = check.evidence?.observed ?? check.reason;
    return `${name} ${result.milestone.id} ${check.id}: ${check.status} (seed ${result.seed}): ${what}`;
  });
}

function spread(durations: number[]): string {
  const times = [Math.min(...durations), median(durations), Math.max(...durations)];
  return `${times.map((ms) => (ms / 1000).toFixed(2)).join(' / ')} s (least, median, most)`;
}
