/**
 * npm run prove [20] [busy]: judges every right proxy on this machine, our solution too, again and again. All have to
 * pass each time; 'busy' keeps every processor occupied meanwhile. For those who change a check.
 */
import { availableParallelism } from 'node:os';
import { $, type ProcessPromise } from 'zx';
import { asCandidate, controls } from '../checkers/controls/controls.ts';
import { course, programPath, stageOf } from '../checkers/course/course.ts';
import { Guardian, MARK } from '../checkers/lab/guardian.ts';
import { freshSeed } from '../checkers/lab/payload.ts';
import { type Candidate, type MilestoneResult, runMilestone } from '../checkers/run.ts';
import { readWords, WordsError } from './words.ts';

const vocabulary = { switches: ['busy'], options: [], plain: 1, isPlain: (word: string) => /^\d+$/.test(word) };

export async function main(typed: string[]): Promise<number> {
  try {
    const { plain, switches } = readWords(typed, vocabulary);
    return await prove(Number(plain[0] ?? 20), switches.has('busy'));
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function prove(times: number, busy: boolean): Promise<number> {
  const guardian = new Guardian();
  const load = busy ? keepBusy(guardian.mark) : [];
  const failures: string[] = [];
  for (const milestone of course.flatMap((stage) => stage.milestones)) {
    const solution = programPath(stageOf(milestone), 'solutions');
    const candidates: [string, Candidate][] = [
      ['solution', { kind: 'file', path: solution, whose: 'solution' }],
      ...controls
        .filter((control) => control.stages.includes(stageOf(milestone).number) && !control.missing())
        .map((control): [string, Candidate] => [control.id, asCandidate(control)]),
    ];
    for (const [name, candidate] of candidates) {
      const durations: number[] = [];
      for (let time = 0; time < times; time += 1) {
        const result = await runMilestone({ milestone, candidate, seed: freshSeed() });
        durations.push(result.ms);
        failures.push(...complaints(name, result));
      }
      process.stdout.write(`${name.padEnd(18)} ${milestone.id}  ${times} times, ${spread(durations)}\n`);
    }
  }
  for (const process of load) await process.kill('SIGKILL');
  guardian.release();
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
  const sorted = durations.toSorted((a, b) => a - b).map((ms) => (ms / 1000).toFixed(2));
  return `${sorted[0]} / ${sorted[Math.floor(sorted.length / 2)]} / ${sorted.at(-1)} s (least, median, most)`;
}

/** One endless loop for each processor. */
function keepBusy(mark: string): ProcessPromise[] {
  const shell = $({ env: { ...process.env, [MARK]: mark }, nothrow: true, quiet: true });
  return Array.from({ length: availableParallelism() }, () => shell`${process.execPath} -e ${'for (;;) {}'}`);
}
