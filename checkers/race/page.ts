/** The race as one self-contained HTML page: plots, a table of the numbers, and the settings of the entrants. */

import { createHash } from 'node:crypto';
import { escapeHtml } from '../report/replay/escape.ts';
import { inDigits } from './figures.ts';
import { barPlot, linePlot, PLOT_STYLE, type PlottedRow, type Series } from './plot.ts';
import type { RaceResult } from './race.ts';
import { RACER } from './racer.ts';
import { IDLE_COUNTS, type Row, titleOf } from './rows.ts';

const STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
figure { margin: 1.5rem 0; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; } th, td { padding: 0.3rem 0.6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr + tr { border-top: 1px solid #8888; }
${PLOT_STYLE}`;

/** The page as HTML. */
export function racePage(result: RaceResult): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { title, rounds, processors, seconds, notes } = result;
  const how = `${rounds} interleaved rounds on ${processors} processors in ${Math.round(seconds)} s. Bars are medians, the lines across them go from the least to the most, and x is the median ratio to default HAProxy of the same round.`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(`Race: ${title}`)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(`Race: ${title}`)}</h1>
<p>${escapeHtml(how)}</p>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('\n')}</ul>
${plotsOf(result)
  .map(({ svg }) => `<figure class="wide">${svg}</figure>`)
  .join('\n')}
<h2>${escapeHtml('All numbers')}</h2>
<div class="wide">${table(result)}</div>
<h2>${escapeHtml('Proxies in this race, and their settings')}</h2>
${settings(result)}
</body></html>
`;
}

/** Every plot of a race, by name: a row's, and that of the round trips beside idle connections. */
export function plotsOf(result: RaceResult): { id: string; svg: string }[] {
  const bars = result.rows.filter(({ id }) => !id.startsWith('rtt-'));
  const series = idleSeries(result);
  const title = titleOf({ title: 'Round trip beside idle connections', unit: 'µs', better: 'less' });
  return [
    ...bars.map((row) => ({ id: row.id, svg: barPlot(plotted(row, result)) })),
    ...(series.some(({ points }) => points.length > 1)
      ? [{ id: 'idle', svg: linePlot(title, 'idle connections', series) }]
      : []),
  ];
}

function plotted(row: Row, { entrants, cells }: RaceResult): PlottedRow {
  const results = entrants.map(({ id, name }) => {
    const { figure, ratio, problem } = cells[row.id]?.[id] ?? {};
    return { name, own: isOwn(id), figure, ratio, problem: id === 'direct' ? 'does not apply' : problem };
  });
  return { ...row, results };
}

/** The racer, and the course's other proxies where several run. */
function isOwn(id: string): boolean {
  return id === RACER || id.startsWith('stage-');
}

function idleSeries({ entrants, cells }: RaceResult): Series[] {
  return entrants.map(({ id, name }) => ({
    name,
    own: isOwn(id),
    points: IDLE_COUNTS.flatMap((count): [number, number][] => {
      const median = cells[`rtt-${count}`]?.[id]?.figure?.median;
      return median === undefined ? [] : [[count, median]];
    }),
  }));
}

function table({ rows, entrants, cells }: RaceResult): string {
  const head = entrants.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const body = rows.map((row) => {
    const values = entrants.map(({ id }) => {
      const median = cells[row.id]?.[id]?.figure?.median;
      return `<td>${median === undefined ? '–' : inDigits(median)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(`${row.title} (${row.unit})`)}</th>${values.join('')}</tr>`;
  });
  return `<table><tr><th scope="col">${escapeHtml('Row')}</th>${head}</tr>${body.join('\n')}</table>`;
}

function settings({ entrants, missing }: RaceResult): string {
  const items = [
    ...entrants.map(({ name, settings }) => [name, settings]),
    ...missing.map(({ name, why }) => [name, `took no part: ${why}`]),
  ];
  return `<ul>${items.map(([name = '', how = '']) => `<li><b>${escapeHtml(name)}</b>: ${escapeHtml(how)}</li>`).join('\n')}</ul>`;
}
