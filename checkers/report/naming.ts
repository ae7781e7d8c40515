/** Phrases that all reports share, for consistent names. */
import type { CheckResult, Exit } from '../contract/check.ts';
import type { MilestoneResult } from '../run/run.ts';

/** 'Stage 4: TCP proxy · Milestone 1: accept clients, connect upstream' */
export function titleOf({ stage, milestone }: Pick<MilestoneResult, 'stage' | 'milestone'>): string {
  const number = milestone.id.split('.')[1];
  return `Stage ${stage.number}: ${stage.title} · Milestone ${number}: ${milestone.title}`;
}

/** The judged program: 'your proxy', 'your server', 'your client', 'the solution', or the command. */
export function judged({ candidate, stage }: Pick<MilestoneResult, 'candidate' | 'stage'>): string {
  if (candidate.kind === 'command') return candidate.command;
  return candidate.whose === 'solution' ? 'the solution' : `your ${stage.role}`;
}

/** The one command that runs just this check again with the same bytes. */
export function againCommand(result: MilestoneResult, check: CheckResult): string {
  const words = ['npm run milestone', result.milestone.id];
  if (result.candidate.kind === 'file' && result.candidate.whose === 'solution') words.push('solution');
  if (result.simulated) words.push('simulated');
  words.push('only', String(check.number), 'seed', result.seed);
  if (result.candidate.kind === 'command') words.push('--', '--command', shellQuoted(result.candidate.command));
  return words.join(' ');
}

function shellQuoted(text: string): string {
  return /["$`\\]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}

/** How a program exited: 'after 43 ms with exit code 1'. */
export function exitInWords(exit: Exit): string {
  if (exit.background)
    return `after ${Math.round(exit.ms)} ms, in the background; its first process exited with code ${exit.code}`;
  const how = exit.signal === null ? `with exit code ${exit.code}` : `by the signal ${exit.signal}`;
  return `after ${Math.round(exit.ms)} ms ${how}`;
}
