/** The tables and plots of docs/performance.md, from the JSON of a race. */
import { inDigits } from './figures.ts';
import { standings } from './goals.ts';
import { plotsOf } from './page.ts';
import { standalone } from './plot.ts';
import type { RaceResult } from './race.ts';

/** Plots as files: name and content. */
export function plotFiles(result: RaceResult): { name: string; svg: string }[] {
  return plotsOf(result).map(({ id, svg }) => ({ name: `${id}.svg`, svg: standalone(svg) }));
}

/**
 * The page with its parts between `<!-- race: NAME -->` and `<!-- /race -->` as these races give them.
 *
 * @param result all entrants against each other
 * @param apart the same with each proxy on a processor of its own
 */
export function pageWith(page: string, result: RaceResult, apart: RaceResult): string {
  const parts: Record<string, string> = {
    apart: [conditions(apart), apartTable(apart)].join('\n\n'),
    conditions: conditions(result),
    goals: goalTable(result),
    numbers: numberTable(result),
    stages: stageTable(result),
    settings: settingsList(result),
  };
  return page.replaceAll(/^<!-- race: (\w+) -->\n[\s\S]*?^<!-- \/race -->$/gm, (all, name: string) =>
    parts[name] === undefined ? all : `<!-- race: ${name} -->\n\n${parts[name]}\n\n<!-- /race -->`,
  );
}

function conditions({ rounds, processors, seconds, notes }: RaceResult): string {
  const text = `${rounds} interleaved rounds on ${processors} processors, ${Math.round(seconds)} s in all.`;
  return [text, '', ...notes.map((note) => `- ${note}`)].join('\n');
}

function goalTable(result: RaceResult): string {
  const lines = standings(result).map(({ goal, measured, wanted, unit, is, reached }) => {
    const wish = `at ${is} ${inDigits(wanted)} ${unit}`;
    const found = measured === undefined ? 'not measured' : `${inDigits(measured)} ${unit}`;
    return [goal, wish, found, measured !== undefined && reached ? 'reached' : 'not reached'];
  });
  return table(['goal', 'wanted', 'measured', ''], lines);
}

/**
 * The CPU time of each proxy, as the minimum of its rounds: other load on the machine can only add to it.
 */
function apartTable({ rows, entrants, cells }: RaceResult): string {
  const lines = rows
    .filter(({ id }) => id.startsWith('cpu-'))
    .map(({ id, title, unit }) => [
      `${title} (${unit})`,
      ...entrants.map((entrant) => cell(cells[id]?.[entrant.id]?.figure?.least)),
    ]);
  return table(['', ...entrants.map(({ name }) => name)], lines);
}

function numberTable({ rows, entrants, cells }: RaceResult): string {
  const lines = rows.map((row) => {
    const values = entrants.map(({ id }) => cell(cells[row.id]?.[id]?.figure?.median));
    return [`${row.title} (${row.unit})`, ...values];
  });
  return table(['', ...entrants.map(({ name }) => name)], lines);
}

const STAGE_ROWS = ['bulk-1', 'cpu-per-gb', 'cpu-per-gb-8', 'round-trips', 'connections', 'memory', 'rtt-5000'];

/** Only the course's own proxies, one a line. */
function stageTable({ rows, entrants, cells }: RaceResult): string {
  const shown = rows.filter(({ id }) => STAGE_ROWS.includes(id));
  const own = entrants.filter(({ id, settings }) => id !== 'direct' && settings.startsWith('solutions/'));
  const lines = own.map(({ id, name }) => [name, ...shown.map((row) => cell(cells[row.id]?.[id]?.figure?.median))]);
  return table(['', ...shown.map(({ title, unit }) => `${title} (${unit})`)], lines);
}

function settingsList({ entrants, missing }: RaceResult): string {
  return [
    ...entrants.map(({ name, settings }) => `- **${name}**: ${settings}`),
    ...missing.map(({ name, why }) => `- **${name}** took no part: ${why}`),
  ].join('\n');
}

function cell(number: number | undefined): string {
  return number === undefined ? '–' : inDigits(number);
}

function table(head: string[], lines: string[][]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
