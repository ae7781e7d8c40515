/** Plots of a race as SVG: bars with their spread, and lines against the number of idle connections. Light and dark. */
import { escapeHtml } from '../report/replay/escape.ts';
import { type Figure, inDigits } from './figures.ts';
import { titleOf } from './rows.ts';

/** What is plotted: as in the JSON of a race. */
export interface PlottedRow {
  id: string;
  title: string;
  unit: string;
  better: 'more' | 'less';
  results: PlottedResult[];
}

export interface PlottedResult {
  name: string;
  /** whether this is the racer */
  own: boolean;
  figure: Pick<Figure, 'median' | 'least' | 'most'> | undefined;
  ratio: number | undefined;
  problem: string | undefined;
}

const WIDTH = 720;
const NAMES = 130;
const TAIL = 150;
const LINE = 24;
const TOP = 34;

/** The colours; a picture of its own needs them inside. */
export const PLOT_STYLE = [
  'svg.plot { --ink: #1f2328; --soft: #59636e; --bar: #8c959f; --own: #0969da; --grid: #d1d9e0; --ground: #ffffff;',
  '  font: 13px system-ui, sans-serif; max-width: 100%; height: auto; background: var(--ground); }',
  '@media (prefers-color-scheme: dark) { svg.plot { --ink: #f0f6fc; --soft: #9198a1; --bar: #656c76; --own: #4493f8;',
  '  --grid: #3d444d; --ground: #0d1117; } }',
  'svg.plot text { fill: var(--ink); } svg.plot .soft { fill: var(--soft); } svg.plot .title { font-weight: 600; }',
  'svg.plot .bar { fill: var(--bar); } svg.plot .own { fill: var(--own); } svg.plot .spread { stroke: var(--ink); }',
  'svg.plot .grid { stroke: var(--grid); } svg.plot .line { fill: none; stroke: var(--soft); stroke-width: 2; }',
  'svg.plot .own-line { stroke: var(--own); stroke-width: 3; }',
].join('\n');

/** Bars, one for each entrant, with a line from the least to the most. */
export function barPlot(row: PlottedRow): string {
  const most = Math.max(0, ...row.results.map(({ figure }) => figure?.most ?? 0)) || 1;
  const scale = (value: number): number => (value / most) * (WIDTH - NAMES - TAIL);
  const height = TOP + row.results.length * LINE + 6;
  const lines = row.results.map((result, index) => barLine(result, TOP + index * LINE, scale));
  const title = titleOf(row);
  return svg(title, height, [`<text class="title" x="0" y="18">${escapeHtml(title)}</text>`, ...lines]);
}

function barLine(
  { name, own, figure, ratio, problem }: PlottedResult,
  y: number,
  scale: (v: number) => number,
): string {
  const middle = y + LINE / 2;
  const label = `<text x="${NAMES - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(name)}</text>`;
  if (figure === undefined) {
    return `${label}<text class="soft" x="${NAMES}" y="${middle + 4}">${escapeHtml(problem ?? 'not measured')}</text>`;
  }
  const [left, right, end] = [figure.least, figure.most, figure.median].map((value) => NAMES + scale(value));
  const bar = `<rect class="bar${own ? ' own' : ''}" x="${NAMES}" y="${y + 4}" width="${round((end ?? 0) - NAMES)}" height="${LINE - 8}"/>`;
  const spread = `<line class="spread" x1="${round(left ?? 0)}" x2="${round(right ?? 0)}" y1="${middle}" y2="${middle}"/>`;
  const tail = `${inDigits(figure.median)}${ratio === undefined ? '' : `  (${ratio.toFixed(2)} x)`}`;
  return `${label}${bar}${spread}<text x="${round((right ?? 0) + 8)}" y="${middle + 4}">${escapeHtml(tail)}</text>`;
}

/** One line of a plot: points of [x, y]. */
export interface Series {
  name: string;
  own: boolean;
  points: [number, number][];
}

const PLOT_HEIGHT = 240;
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '10 4', '12 3 2 3 2 3', '4 2', '2 6', '14 6', '6 2 1 2', '1 2'];

/** Lines over an x axis that is logarithmic, with a mark at each point, or linear, with five marks; y begins at 0. */
export function linePlot(title: string, xTitle: string, series: Series[], axis: 'log' | 'linear' = 'log'): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const most = Math.max(0, ...series.flatMap(({ points }) => points.map(([, y]) => y))) || 1;
  const [first = 1, last = 10] = [xs[0], xs.at(-1)];
  const share = (value: number): number =>
    axis === 'log' ? Math.log(value / first) / (Math.log(last / first) || 1) : (value - first) / (last - first || 1);
  const x = (value: number): number => 50 + share(value) * (WIDTH - 50 - TAIL - 20);
  const y = (value: number): number => TOP + PLOT_HEIGHT * (1 - value / most);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = round(y(share * most));
    return `<line class="grid" x1="50" x2="${WIDTH - TAIL - 20}" y1="${at}" y2="${at}"/><text class="soft" x="44" y="${at + 4}" text-anchor="end">${inDigits(share * most)}</text>`;
  });
  const marks = axis === 'log' ? xs : [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(first + part * (last - first)));
  const ticks = marks.map((value) => {
    const shown = value.toLocaleString('en');
    return `<text class="soft" x="${round(x(value))}" y="${TOP + PLOT_HEIGHT + 18}" text-anchor="middle">${shown}</text>`;
  });
  const lines = series.map((one, index) => seriesLine(one, index, x, y));
  const bottom = `<text class="soft" x="50" y="${TOP + PLOT_HEIGHT + 38}">${escapeHtml(xTitle)}</text>`;
  const head = `<text class="title" x="0" y="18">${escapeHtml(title)}</text>`;
  return svg(title, TOP + PLOT_HEIGHT + 48, [head, ...grid, ...ticks, ...lines, bottom]);
}

function seriesLine(
  { name, own, points }: Series,
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const places = points.map(([px, py]) => `${round(x(px))},${round(y(py))}`).join(' ');
  // Classes, not style attributes: the page's policy allows its own style sheet alone.
  const kind = own ? 'line own-line' : 'line';
  const dash = own ? '' : (DASHES[index % DASHES.length] ?? '');
  const key = TOP + 8 + index * 20;
  const left = WIDTH - TAIL;
  return [
    `<polyline class="${kind}" points="${places}" stroke-dasharray="${dash}"/>`,
    `<line class="${kind}" x1="${left}" x2="${left + 26}" y1="${key}" y2="${key}" stroke-dasharray="${dash}"/>`,
    `<text x="${left + 32}" y="${key + 4}">${escapeHtml(name)}</text>`,
  ].join('');
}

function svg(title: string, height: number, parts: string[]): string {
  return `<svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img"><title>${escapeHtml(title)}</title>${parts.join('\n')}</svg>`;
}

/** A plot as a standalone file with its colours. */
export function standalone(plot: string): string {
  return `${plot.replace('</title>', `</title><style>${PLOT_STYLE}</style>`)}\n`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
