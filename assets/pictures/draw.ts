/** What pictures are made of. Colours follow the reader's light or dark; sizes are in units of the picture's own width. */

/** A picture: who does not see it reads its title and description. */
export interface Picture {
  /** below assets/, without .svg */
  name: string;
  title: string;
  description: string;
  width: number;
  height: number;
  parts: string[];
}

/** Blue goes from client to upstream, green comes back; the others are for a third and a warning. */
export type Colour = 'blue' | 'green' | 'violet' | 'red' | 'grey';

const FAMILY = 'system-ui,-apple-system,&quot;Segoe UI&quot;,Roboto,&quot;Noto Sans&quot;,sans-serif'.replaceAll(
  '&quot;',
  '"',
);
const MONO = 'ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace';

/** [ground, box, box's edge, proxy, proxy's edge, text, quiet text, blue, green, violet, red, grey] */
const LIGHT = '#ffffff #f7f5f0 #8f887a #fdebdd #c65a1e #1f2733 #4d5765 #2563eb #15803d #9333ea #c02626 #6b7280'.split(
  ' ',
);
const DARK = '#1a202a #232b37 #6b7686 #3a2a20 #f2a06b #e5e8ed #b4bdc9 #8fb8ff #6fd79a #cfa2ff #ff9a9a #98a2b0'.split(
  ' ',
);
const NAMES = [
  'ground',
  'box',
  'edge',
  'proxy',
  'proxy-edge',
  'ink',
  'quiet',
  'blue',
  'green',
  'violet',
  'red',
  'grey',
];

/** The SVG of a picture. */
export function svg({ title, description, width, height, parts }: Picture): string {
  const colours = (values: string[]) => NAMES.map((name, index) => `--${name}:${values[index]}`).join(';');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">${escaped(description)}</desc>
  <style>
    svg { ${colours(LIGHT)} }
    @media (prefers-color-scheme: dark) { svg { ${colours(DARK)} } }
    text { font-family: ${FAMILY}; fill: var(--ink) }
    .code { font-family: ${MONO} }
    .quiet { fill: var(--quiet) }
    .middle { text-anchor: middle }
    .end { text-anchor: end }
    .box { fill: var(--box); stroke: var(--edge); stroke-width: 2 }
    .proxy { fill: var(--proxy); stroke: var(--proxy-edge); stroke-width: 2.5 }
    .plain { fill: var(--ground); stroke: var(--edge); stroke-width: 2 }
    .line { fill: none; stroke-width: 2.5 }
    .dashed { stroke-dasharray: 6 5 }
  </style>
  <rect width="${width}" height="${height}" rx="14" fill="var(--ground)"/>
  ${parts.join('\n  ')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Words {
  size?: number;
  weight?: number;
  at?: 'middle' | 'end' | 'start';
  code?: boolean;
  quiet?: boolean;
  colour?: Colour;
}

/** Words, one line. */
export function text(x: number, y: number, words: string, how: Words = {}): string {
  const { size = 16, weight = 400, at = 'middle', code = false, quiet = false, colour } = how;
  const classes = [at === 'start' ? '' : at, code ? 'code' : '', quiet ? 'quiet' : ''].filter(Boolean).join(' ');
  const fill = colour ? ` style="fill:var(--${colour})"` : '';
  return `<text class="${classes}" x="${x}" y="${y}" font-size="${size}" font-weight="${weight}"${fill}>${escaped(words)}</text>`;
}

/** Small words that explain. */
export function note(x: number, y: number, words: string, how: Words = {}): string {
  return text(x, y, words, { size: 15, quiet: true, ...how });
}

/** A box with a name in its middle and a quieter line below that. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  name = '',
  { sub, kind = 'box', code = false }: { sub?: string; kind?: 'box' | 'proxy' | 'plain'; code?: boolean } = {},
): string {
  const middle = y + height / 2 + (sub ? -4 : 6);
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    ...(name ? [text(x + width / 2, middle, name, { size: 18, weight: 600, code })] : []),
    ...(sub ? [note(x + width / 2, middle + 23, sub)] : []),
  ].join('');
}

/** A straight line from here to there, with a tip. */
export function arrow(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: Colour,
  { dashed = false }: { dashed?: boolean } = {},
): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - dx * 12, y2 - dy * 12];
  const point = (px: number, py: number) => `${round(px)} ${round(py)}`;
  return (
    `<path class="line${dashed ? ' dashed' : ''}" stroke="var(--${colour})" d="M${point(x1, y1)}L${point(bx, by)}"/>` +
    `<path fill="var(--${colour})" d="M${point(x2, y2)}L${point(bx - dy * 6, by + dx * 6)}L${point(bx + dy * 6, by - dx * 6)}z"/>`
  );
}

/** A line without a tip; the path is SVG's. */
export function line(path: string, colour: Colour, { dashed = false }: { dashed?: boolean } = {}): string {
  return `<path class="line${dashed ? ' dashed' : ''}" stroke="var(--${colour})" d="${path}"/>`;
}

/** A number in a disc. */
export function step(x: number, y: number, number: number, colour: Colour): string {
  return `<circle cx="${x}" cy="${y}" r="11" fill="var(--${colour})"/><text class="middle" x="${x}" y="${y + 5}" font-size="14" font-weight="700" style="fill:var(--ground)">${number}</text>`;
}

/** A row of cells, each with a word or nothing in it; a colour fills those that are taken. */
export function cells(
  x: number,
  y: number,
  words: string[],
  {
    width = 30,
    height = 32,
    colour,
    taken = words.length,
  }: { width?: number; height?: number; colour?: Colour; taken?: number } = {},
): string {
  return words
    .map((word, index) => {
      const left = x + index * width;
      const fill =
        colour && index < taken ? ` fill-opacity="0.18" style="fill:var(--${colour});stroke:var(--${colour})"` : '';
      return (
        `<rect class="plain" x="${left}" y="${y}" width="${width}" height="${height}"${fill}/>` +
        (word ? text(left + width / 2, y + height / 2 + 5, word, { size: 15, code: true, weight: 600 }) : '')
      );
    })
    .join('');
}

/** A socket at a box's edge. */
export function socket(x: number, y: number, height: number): string {
  return `<rect x="${x - 8}" y="${y}" width="16" height="${height}" rx="8" fill="var(--ground)" stroke="var(--proxy-edge)" stroke-width="2.5"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
