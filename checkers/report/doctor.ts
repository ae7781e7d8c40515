/** The doctor's findings for the terminal. */
import chalk from 'chalk';
import type { NamedFinding } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import { labelled, printable, width, wrap } from './layout.ts';

const signs: Record<Finding['state'], string> = { works: '✓', lacking: '–', broken: '✗' };
const colours: Record<Finding['state'], (text: string) => string> = {
  works: chalk.green,
  lacking: chalk.yellow,
  broken: chalk.red,
};
/** Width of the sign and the name. */
const LABEL = 18;

/** One paragraph for each part of the machine, and a summary. */
export function doctorLines(findings: NamedFinding[], columns?: number): string[] {
  const room = width(columns);
  return [...findings.flatMap((finding) => findingLines(finding, room)), '', ...wrap(summary(findings), room)];
}

function findingLines({ name, state, says, without, get }: NamedFinding, room: number): string[] {
  const head = labelled(`  ${signs[state]} ${name}`, LABEL, printable(says), room);
  const below = [
    ...(without === undefined ? [] : labelled('', LABEL, `Without it: ${without}.`, room)),
    ...(get === undefined ? [] : labelled('', LABEL, `To get it: ${get}`, room)),
  ];
  return [
    ...head.map((line, index) => (index === 0 ? line.replace(signs[state], colours[state](signs[state])) : line)),
    ...below,
  ];
}

function summary(findings: NamedFinding[]): string {
  const broken = findings.filter(({ state }) => state === 'broken').map(({ name }) => name);
  if (broken.length > 0)
    return `Programs of the course cannot be judged here yet. Look first at: ${broken.join(', ')}.`;
  const lacking = findings.some(({ state }) => state === 'lacking');
  const rest = lacking ? ' Lines marked with – can wait.' : '';
  return `This machine has all that the course needs. Go on with: npm run stage.${rest}`;
}
