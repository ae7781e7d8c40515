/** npm run try [N] [solution]: runs the program of stage N (else of the current one), the learner's or ours, to play with. */
import { stageMeant, stageWord } from './choosing.ts';
import { readWords } from './command-line.ts';
import { play } from './foreground.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { plain, switches } = readWords(typed, { switches: ['solution'], options: [], ...stageWord });
    const stage = stageMeant(plain[0], 'npm run try');
    // Standard output belongs to the program.
    return play(stage, switches.has('solution') ? 'solution' : 'learner', process.stderr);
  });
}
