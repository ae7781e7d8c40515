/** npm run proxy [solution]: runs the learner's proxy, or ours, on port 8080. */
import { currentProxyStage } from '../checkers/progress/progress.ts';
import { readWords } from './command-line.ts';
import { play } from './foreground.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { switches } = readWords(typed, { switches: ['solution'], options: [], plain: 0 });
    const stage = currentProxyStage();
    return stage === undefined ? 2 : play(stage, switches.has('solution') ? 'solution' : 'learner', process.stdout);
  });
}
