/** The pictures of stage 7. The plot is drawn from what docs/experiments/look-up.ts measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../checkers/root.ts';
import { arrow, box, cells, line, note, type Picture, socket, text } from './draw.ts';

interface Row {
  pairs: number;
  lists: number;
  maps: number;
}

const { rows }: { rows: Row[] } = JSON.parse(readFileSync(join(root, 'assets', 'stage-7', 'look-up.json'), 'utf8'));

const [LEFT, TOP, WIDTH, HEIGHT] = [96, 60, 520, 250];
const mostPairs = Math.max(...rows.map(({ pairs }) => pairs));
/** The scale ends at a round number of microseconds. */
const mostMicroseconds = Math.ceil(Math.max(...rows.map(({ lists }) => lists)) / 5000) * 5;

function x(pairs: number): number {
  return Math.round(LEFT + (WIDTH * pairs) / mostPairs);
}

function y(nanoseconds: number): number {
  return Math.round((TOP + HEIGHT - (HEIGHT * nanoseconds) / 1000 / mostMicroseconds) * 10) / 10;
}

function curve(way: 'lists' | 'maps'): string {
  return rows.map((row, index) => `${index === 0 ? 'M' : 'L'}${x(row.pairs)} ${y(row[way])}`).join(' ');
}

function microseconds(nanoseconds = 0): string {
  return (nanoseconds / 1000).toFixed(nanoseconds < 1000 ? 2 : 0);
}

const last = rows.at(-1);

const lookUp: Picture = {
  name: 'stage-7/look-up',
  title: 'What one look-up costs, by the number of pairs',
  description: `Two curves over the number of pairs, from ${rows[0]?.pairs} to ${mostPairs}. With the lists of stage 4 the time for one event grows in a straight line, to ${microseconds(last?.lists)} microseconds. With the maps of stage 7 it stays at about ${microseconds(last?.maps)} microseconds.`,
  width: 720,
  height: 380,
  parts: [
    text(LEFT, 34, 'microseconds to find the other socket of a pair', { at: 'start', weight: 600 }),
    line(`M${LEFT} ${TOP} V${TOP + HEIGHT} H${LEFT + WIDTH}`, 'grey'),
    ...[0, 0.5, 1].map((part) =>
      note(LEFT - 14, TOP + HEIGHT - part * HEIGHT + 5, String(part * mostMicroseconds), { at: 'end' }),
    ),
    ...rows.filter(({ pairs }) => pairs >= 1000).map(({ pairs }) => note(x(pairs), TOP + HEIGHT + 24, String(pairs))),
    note(LEFT + WIDTH / 2, TOP + HEIGHT + 52, 'pairs in the table'),
    line(curve('lists'), 'red'),
    line(curve('maps'), 'green'),
    text(x(mostPairs) - 10, y(last?.lists ?? 0) - 12, 'lists', { colour: 'red', weight: 600 }),
    text(x(mostPairs) - 10, y(last?.maps ?? 0) - 12, 'maps', { colour: 'green', weight: 600 }),
  ],
};

const drain: Picture = {
  name: 'stage-7/drain',
  title: 'How a proxy takes its leave',
  description:
    'Three moments after SIGTERM. First the signal comes out of a descriptor, as an event of the loop, while two pairs are at work and two clients stand in the queue of the listening socket. Then the queue has been let in, the listening socket is closed, and four pairs are at work. At last the pairs have ended one after the other, and the program ends with exit code 0.',
  width: 720,
  height: 270,
  parts: [
    text(120, 32, 'SIGTERM', { weight: 600 }),
    box(20, 48, 200, 170, '', { kind: 'proxy' }),
    socket(20, 66, 36),
    note(120, 90, 'two wait in the queue'),
    cells(36, 112, ['', ''], { width: 30 }),
    note(110, 134, 'pairs', { at: 'start' }),
    note(120, 190, 'an event like any other'),
    arrow(228, 132, 262, 132, 'grey'),
    text(370, 32, 'socket closed', { weight: 600 }),
    box(270, 48, 200, 170, '', { kind: 'proxy' }),
    cells(286, 112, ['', '', '', ''], { width: 30 }),
    note(416, 134, 'pairs', { at: 'start' }),
    note(370, 90, 'the queue came in first'),
    note(370, 190, 'no new clients'),
    arrow(478, 132, 512, 132, 'grey'),
    text(620, 32, 'exit code 0', { weight: 600 }),
    box(520, 48, 180, 170, '', { kind: 'plain' }),
    note(610, 126, 'the last pair'),
    note(610, 148, 'has ended'),
    note(360, 250, 'all that was accepted, by us or by the kernel, is served to its end'),
  ],
};

export const crowdPictures: Picture[] = [lookUp, drain];
