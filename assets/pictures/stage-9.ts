/** The pictures of stage 9. */
import { arrow, box, cells, line, note, type Picture, socket, text } from './draw.ts';

const TURN = 128;

/** One turn of the loop: what is in the socket, what epoll says, what the program does. */
function turn(at: number, y: number, waiting: string, said: string, done: string, colour: 'green' | 'red'): string[] {
  const x = 128 + at * TURN;
  return [
    box(x, y, 112, 34, waiting, { kind: 'plain' }),
    text(x + 56, y + 56, said, { size: 14, colour }),
    note(x + 56, y + 76, done, { size: 14 }),
  ];
}

const changes: Picture = {
  name: 'stage-9/changes',
  title: 'What epoll reports, and what has to be done about it',
  description:
    'Two rows of turns of the loop for 48 KiB that arrive at once, with a buffer of 16 KiB. Level-triggered: the socket is reported with 48, 32 and 16 KiB in it, and each time one read of 16 KiB is enough; a fourth turn reports nothing. Edge-triggered: it is reported once, with 48 KiB in it, and the program reads three times in that turn and once more; after that nothing is reported, and nothing is left. If it had read once, 32 KiB would stay there.',
  width: 720,
  height: 330,
  parts: [
    ...[0, 1, 2, 3].map((at) => note(184 + at * TURN, 30, `turn ${at + 1}`)),
    text(24, 74, 'level', { at: 'start', weight: 600 }),
    ...turn(0, 52, '48 KiB', 'reported', 'one read', 'green'),
    ...turn(1, 52, '32 KiB', 'reported', 'one read', 'green'),
    ...turn(2, 52, '16 KiB', 'reported', 'one read', 'green'),
    ...turn(3, 52, 'empty', 'nothing', 'sleeps', 'green'),
    line('M20 150H700', 'grey', { dashed: true }),
    text(24, 194, 'edge', { at: 'start', weight: 600 }),
    ...turn(0, 172, '48 KiB', 'reported', 'reads until empty', 'green'),
    ...turn(1, 172, 'empty', 'nothing', 'sleeps', 'green'),
    ...turn(2, 172, '32 KiB', 'nothing', 'sleeps, for ever', 'red'),
    note(504, 194, 'after one read only', { at: 'start' }),
    note(360, 290, 'a state is reported as long as it lasts, a change once: what you leave behind is no news'),
  ],
};

const pages: Picture = {
  name: 'stage-9/pages',
  title: 'The way of the bytes, through a buffer and through a pipe',
  description:
    'Above: recv copies the bytes from the pages of the connection socket into the buffer of the proxy, and send copies them from there into the pages of the upstream socket: two copies. Below: the first splice hangs the pages of the connection socket into a pipe, the second one hangs them on the upstream socket. The bytes stay where they are, and the proxy sees none of them.',
  width: 720,
  height: 340,
  parts: [
    text(24, 30, 'recv and send: two copies', { at: 'start', weight: 600 }),
    box(24, 46, 150, 64, 'socket', { kind: 'plain' }),
    box(270, 46, 180, 64, 'buffer', { kind: 'proxy' }),
    box(546, 46, 150, 64, 'socket', { kind: 'plain' }),
    arrow(182, 78, 262, 78, 'blue'),
    arrow(458, 78, 538, 78, 'blue'),
    note(222, 66, 'recv', { code: true, size: 14 }),
    note(498, 66, 'send', { code: true, size: 14 }),
    note(222, 104, 'copies', { size: 14 }),
    note(498, 104, 'copies', { size: 14 }),
    line('M20 146H700', 'grey', { dashed: true }),
    text(24, 182, 'splice and splice: none', { at: 'start', weight: 600 }),
    box(24, 198, 150, 64, '', { kind: 'plain' }),
    box(270, 198, 180, 64, '', { kind: 'plain' }),
    box(546, 198, 150, 64, '', { kind: 'plain' }),
    cells(38, 214, ['', '', '', ''], { width: 30 }),
    cells(300, 214, ['', '', '', ''], { width: 30 }),
    cells(560, 214, ['', '', '', ''], { width: 30 }),
    arrow(182, 230, 262, 230, 'green'),
    arrow(458, 230, 538, 230, 'green'),
    note(222, 218, 'splice', { code: true, size: 14 }),
    note(498, 218, 'splice', { code: true, size: 14 }),
    note(99, 282, 'socket'),
    note(360, 282, 'pipe'),
    note(621, 282, 'socket'),
    note(360, 320, 'what moves is a list of pages; the bytes stay in the kernel, where they are'),
  ],
};

const shared: Picture = {
  name: 'stage-9/shared-port',
  title: 'Two processes on one port, and how they hear of one another',
  description:
    'Clients connect to port 8080. The kernel deals them out to two listening sockets, one of each process, by a hash of address and port. The two processes are joined by two pipes: one ends at the standard input of the second process, the other one at a descriptor of the first. When a process ends, however that happens, the other one sees the end of a pipe.',
  width: 720,
  height: 330,
  parts: [
    box(20, 110, 130, 90, 'clients', { kind: 'plain' }),
    arrow(158, 155, 218, 155, 'blue'),
    box(226, 120, 150, 70, 'the kernel', { kind: 'plain' }),
    note(301, 216, 'port 8080, dealt out', { size: 14 }),
    note(301, 234, 'by address and port', { size: 14 }),
    arrow(384, 140, 452, 92, 'blue'),
    arrow(384, 170, 452, 226, 'blue'),
    box(468, 40, 228, 90, '', { kind: 'proxy' }),
    socket(468, 68, 36),
    text(586, 78, 'first process', { weight: 600 }),
    note(586, 104, 'its clients', { size: 14 }),
    box(468, 200, 228, 90, '', { kind: 'proxy' }),
    socket(468, 228, 36),
    text(586, 238, 'second process', { weight: 600 }),
    note(586, 264, 'its clients', { size: 14 }),
    arrow(530, 136, 530, 192, 'violet'),
    arrow(634, 194, 634, 138, 'violet'),
    note(520, 170, 'lifeline', { at: 'end', size: 14 }),
    note(644, 170, 'its end', { at: 'start', size: 14 }),
    note(360, 318, 'these two pipes stay empty: their ends are the message'),
  ],
};

export const fastPictures: Picture[] = [changes, pages, shared];
