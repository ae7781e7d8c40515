/** The pictures of the background pages. */
import { arrow, box, type Colour, cells, line, note, type Picture, text } from './draw.ts';

const descriptors: Picture = {
  name: 'background/descriptors',
  title: 'File descriptors are places in a table of the process',
  description:
    'On the left the table of a process, in the middle of which each number leads to something that the kernel keeps: 0 to standard input, 1 and 2 to the terminal, 3 to a listening socket on port 8080, 4 to an epoll instance, 5 to a connection with a client. 6 is free and will be the next number that the kernel hands out.',
  width: 720,
  height: 330,
  parts: [
    text(110, 36, 'your process', { weight: 600 }),
    text(520, 36, 'the kernel', { weight: 600 }),
    ...['0', '1', '2', '3', '4', '5', '6'].map((fd, index) =>
      cells(70, 52 + index * 36, [fd], { width: 80, height: 36, ...(index < 6 && { colour: 'blue' as Colour }) }),
    ),
    note(110, 322, '6 is free: it comes next', { size: 14 }),
    box(380, 52, 312, 52, 'terminal'),
    box(380, 124, 312, 46, 'listening socket, port 8080'),
    box(380, 184, 312, 46, 'epoll instance'),
    box(380, 244, 312, 46, 'connection with a client'),
    arrow(150, 70, 378, 70, 'blue'),
    arrow(150, 106, 378, 80, 'blue'),
    arrow(150, 142, 378, 92, 'blue'),
    arrow(150, 178, 378, 148, 'blue'),
    arrow(150, 214, 378, 207, 'blue'),
    arrow(150, 250, 378, 266, 'blue'),
  ],
};

/** Two lifelines, and messages between them that take their time. */
function lanes(left: string, right: string, xs: [number, number], bottom: number): string[] {
  return [
    text(xs[0], 34, left, { weight: 600 }),
    text(xs[1], 34, right, { weight: 600 }),
    line(`M${xs[0]} 48V${bottom}M${xs[1]} 48V${bottom}`, 'grey'),
  ];
}

function message(xs: [number, number], y: number, words: string, back: boolean, colour: Colour): string {
  const [from, to] = back ? [xs[1], xs[0]] : xs;
  const inwards = back ? -4 : 4;
  return arrow(from + inwards, y, to - inwards, y + 18, colour) + note((xs[0] + xs[1]) / 2, y - 1, words, { size: 14 });
}

const handshakeLanes: [number, number] = [230, 500];
const handshake: Picture = {
  name: 'background/handshake',
  title: 'The life of a TCP connection',
  description:
    'Client and server as two lines, time goes down. The client calls connect: SYN goes to the server, SYN and ACK come back, ACK follows. accept returns. The client sends 5 bytes, which the server acknowledges; the server sends 2 bytes back. Then the client closes: FIN and its ACK, and later the server closes: FIN and its ACK.',
  width: 720,
  height: 470,
  parts: [
    ...lanes('client', 'server', handshakeLanes, 446),
    note(210, 76, 'connect', { at: 'end', code: true }),
    message(handshakeLanes, 70, 'SYN', false, 'blue'),
    message(handshakeLanes, 106, 'SYN, ACK', true, 'green'),
    message(handshakeLanes, 142, 'ACK', false, 'blue'),
    note(520, 166, 'accept', { at: 'start', code: true }),
    note(210, 196, 'send 5 bytes', { at: 'end' }),
    message(handshakeLanes, 190, 'bytes 1 to 5', false, 'blue'),
    note(520, 214, 'recv', { at: 'start', code: true }),
    message(handshakeLanes, 226, 'ACK: got all up to 5', true, 'green'),
    message(handshakeLanes, 262, 'bytes 1 to 2', true, 'green'),
    message(handshakeLanes, 298, 'ACK: got all up to 2', false, 'blue'),
    note(210, 346, 'close', { at: 'end', code: true }),
    message(handshakeLanes, 342, 'FIN: nothing more from me', false, 'blue'),
    note(520, 366, 'recv returns 0', { at: 'start' }),
    message(handshakeLanes, 378, 'ACK, later its own FIN', true, 'green'),
    message(handshakeLanes, 414, 'ACK', false, 'blue'),
    note(210, 430, 'TIME_WAIT', { at: 'end', size: 14 }),
  ],
};

const blocking: Picture = {
  name: 'background/blocking',
  title: 'A blocking and a non-blocking recv, when nothing has arrived yet',
  description:
    'Two timelines. Above, the program calls recv on a blocking socket, sleeps until bytes arrive, and gets 5. Below, it calls recv on a non-blocking socket and gets -1 with EAGAIN at once; it does other work, epoll_wait tells it that bytes are there, it calls recv again and gets 5.',
  width: 720,
  height: 330,
  parts: [
    text(28, 44, 'blocking', { at: 'start', weight: 600 }),
    box(28, 60, 90, 56, 'recv', { code: true, kind: 'proxy' }),
    `<rect class="plain dashed" x="118" y="60" width="320" height="56"/>`,
    note(278, 93, 'asleep: nothing else is done'),
    box(438, 60, 120, 56, '5 bytes', { kind: 'proxy' }),
    arrow(558, 88, 690, 88, 'grey'),
    line('M438 26V304', 'blue', { dashed: true }),
    note(446, 36, 'bytes arrive', { at: 'start', colour: 'blue' }),
    text(28, 180, 'non-blocking', { at: 'start', weight: 600 }),
    box(28, 196, 90, 56, 'recv', { code: true, kind: 'proxy' }),
    box(118, 196, 110, 56, 'EAGAIN', { code: true, kind: 'plain' }),
    box(228, 196, 138, 56, 'other work'),
    box(366, 196, 126, 56, 'epoll_wait', { code: true, kind: 'proxy' }),
    box(492, 196, 72, 56, 'recv', { code: true, kind: 'proxy' }),
    box(564, 196, 98, 56, '5 bytes', { kind: 'proxy' }),
    arrow(662, 224, 696, 224, 'grey'),
    note(360, 300, 'time', { size: 14 }),
    arrow(390, 295, 690, 295, 'grey'),
  ],
};

const LEFT = 28;
const STEP = 236;

/** Room for ten bytes, so many of them still unread. */
function bytes(turn: number, y: number, unread: number): string {
  return cells(LEFT + turn * STEP, y, Array(10).fill(''), { width: 19, height: 28, colour: 'blue', taken: unread });
}

function told(turn: number, y: number, words: string, colour: Colour): string {
  return text(LEFT + 95 + turn * STEP, y, words, { size: 15, colour });
}

const epoll: Picture = {
  name: 'background/epoll',
  title: 'Level-triggered and edge-triggered epoll with the same ten bytes',
  description:
    'Ten bytes arrive, and the program reads four at a time. Level-triggered: the first epoll_wait reports the socket, 6 bytes stay; the second reports it again, 2 stay; the third reports it again, none stay. Edge-triggered: the first epoll_wait reports the socket, 6 bytes stay; the second reports nothing, although 6 bytes are waiting, and the program sleeps on.',
  width: 720,
  height: 330,
  parts: [
    ...[0, 1, 2].map((turn) =>
      note(LEFT + 95 + turn * STEP, 36, `epoll_wait, turn ${turn + 1}`, { code: true, size: 14 }),
    ),
    text(LEFT, 74, 'level-triggered: is there something?', { at: 'start', weight: 600 }),
    text(LEFT, 194, 'edge-triggered: has something come?', { at: 'start', weight: 600 }),
    ...[10, 6, 2].flatMap((left, turn) => [
      bytes(turn, 88, left),
      told(turn, 138, `yes: reads ${Math.min(4, left)}`, 'green'),
    ]),
    ...[10, 6, 6].flatMap((left, turn) => [
      bytes(turn, 208, left),
      turn === 0 ? told(turn, 258, 'yes: reads 4', 'green') : told(turn, 258, 'no: sleeps on', 'red'),
    ]),
    line('M28 160H692', 'grey', { dashed: true }),
    note(360, 304, 'An edge is a change. No new bytes, no new report: so read until EAGAIN.'),
  ],
};

const stream: Picture = {
  name: 'background/stream',
  title: 'Three sends, two recvs, the same bytes',
  description:
    'A program sends three times: "GET", " / HT" and "TP". The stream in between is "GET / HTTP" without any mark where a send ended. The other program receives twice: "GET / H" and "TTP". The order is kept, the borders are not.',
  width: 720,
  height: 320,
  parts: [
    text(28, 72, 'sent', { at: 'start', weight: 600 }),
    cells(150, 50, [...'GET'], { width: 40, colour: 'blue' }),
    cells(290, 50, [...'␣/␣HT'], { width: 40, colour: 'green' }),
    cells(510, 50, [...'TP'], { width: 40, colour: 'violet' }),
    note(210, 38, 'send'),
    note(390, 38, 'send'),
    note(550, 38, 'send'),
    text(28, 172, 'the stream', { at: 'start', weight: 600 }),
    cells(170, 150, [...'GET␣/␣HTTP'], { width: 40 }),
    arrow(360, 92, 360, 142, 'grey'),
    note(372, 122, 'the order is kept, the borders are not', { at: 'start' }),
    arrow(360, 190, 360, 240, 'grey'),
    text(28, 272, 'received', { at: 'start', weight: 600 }),
    cells(150, 250, [...'GET␣/␣H'], { width: 40, colour: 'grey' }),
    cells(470, 250, [...'TTP'], { width: 40, colour: 'grey' }),
    note(290, 304, 'recv'),
    note(530, 304, 'recv'),
  ],
};

const send: Picture = {
  name: 'background/what-send-returns',
  title: 'A sends 100 words a minute, B reads 80',
  description:
    "A offers 100 words a minute to send. They wait in the send buffer of A's kernel, travel through the network, and wait in the receive buffer of B's kernel. B takes 80 a minute out with recv. Both buffers fill up. From then on send takes only as many words as have been read at the other end, 80, and returns 80: 20 are still A's.",
  width: 720,
  height: 330,
  parts: [
    box(14, 96, 124, 120, 'A', { sub: '100 a minute' }),
    box(582, 96, 124, 120, 'B', { sub: '80 a minute' }),
    text(255, 76, "A's kernel", { weight: 600 }),
    text(465, 76, "B's kernel", { weight: 600 }),
    cells(190, 130, Array(6).fill(''), { width: 22, height: 44, colour: 'blue' }),
    cells(400, 130, Array(6).fill(''), { width: 22, height: 44, colour: 'blue' }),
    note(256, 198, 'send buffer: full', { size: 14 }),
    note(466, 198, 'receive buffer: full', { size: 14 }),
    arrow(138, 140, 186, 140, 'blue'),
    note(164, 128, 'send', { code: true, size: 13 }),
    arrow(186, 168, 138, 168, 'red'),
    arrow(324, 152, 398, 152, 'blue'),
    note(361, 140, 'network', { size: 14 }),
    arrow(534, 152, 580, 152, 'blue'),
    note(557, 140, 'recv', { code: true, size: 13 }),
    text(84, 262, '20 words are still A’s', { colour: 'red', weight: 600, size: 15, at: 'start' }),
    line('M162 174V246', 'red', { dashed: true }),
    note(84, 288, 'send was offered 100, took 80, and returned 80: offer the other 20 again', { at: 'start' }),
  ],
};

function ending(
  x: number,
  name: string,
  parts: [number, string, boolean, Colour][],
  notes: [number, string][],
): string[] {
  const xs: [number, number] = [x, x + 150];
  return [
    text(x + 75, 34, name, { weight: 600 }),
    note(xs[0], 58, 'client', { size: 14 }),
    note(xs[1], 58, 'server', { size: 14 }),
    line(`M${xs[0]} 68V300M${xs[1]} 68V300`, 'grey'),
    ...parts.map(([y, words, back, colour]) => message(xs, y, words, back, colour)),
    ...notes.map(([y, words]) => note(x + 75, y, words, { size: 14 })),
  ];
}

const closing: Picture = {
  name: 'background/closing',
  title: 'Three ways for a connection to end',
  description:
    'Three small diagrams. First, both close: the client sends FIN, the server answers with its own FIN; each recv returns 0. Second, half-close: the client calls shutdown for writing and its FIN goes out, the server goes on sending its answer, and its own FIN follows at the end. Third, a reset: the client sends RST, what was on its way is lost, and recv at the server fails with ECONNRESET.',
  width: 720,
  height: 370,
  parts: [
    ...ending(
      44,
      'both close',
      [
        [90, 'FIN', false, 'blue'],
        [130, 'FIN', true, 'green'],
      ],
      [
        [324, 'recv returns 0 at both ends'],
        [346, 'nothing is lost'],
      ],
    ),
    ...ending(
      285,
      'half-close',
      [
        [90, 'FIN', false, 'blue'],
        [140, 'answer', true, 'green'],
        [176, 'answer', true, 'green'],
        [226, 'FIN', true, 'green'],
      ],
      [
        [324, 'shutdown(fd, SHUT_WR)'],
        [346, 'one direction stays open'],
      ],
    ),
    ...ending(
      526,
      'reset',
      [
        [90, 'bytes', true, 'green'],
        [130, 'RST', false, 'red'],
      ],
      [
        [324, 'recv fails: ECONNRESET'],
        [346, 'what is on its way is lost'],
      ],
    ),
  ],
};

const ownKernel: Picture = {
  name: 'background/own-kernel',
  title: 'One program, two kernels: while it waits in the simulated one, everything else moves in virtual time',
  description:
    'At the top the program, which makes the call epoll_wait. An arrow leads through #linux to two kernels: on the left real Linux, with real sockets and real time; on the right the simulated kernel, with sockets in memory and virtual time. Below, what the simulated kernel does while the program waits: client 2 sends 6 bytes at 3.01 ms, the bytes arrive, the server closes at 3.02 ms, then epoll_wait returns 2. A seed decides who moves next. If nothing can move any more, the program waits for ever.',
  width: 720,
  height: 400,
  parts: [
    box(210, 20, 300, 50, 'your program: epoll_wait', { code: true, kind: 'proxy' }),
    arrow(310, 70, 190, 118, 'grey'),
    arrow(410, 70, 530, 118, 'blue'),
    note(360, 104, '#linux', { code: true }),
    box(28, 120, 312, 50, 'real Linux, real time'),
    box(380, 120, 312, 50, 'simulated, virtual time', { kind: 'proxy' }),
    text(28, 222, 'while the program waits, the simulated kernel lets others move', { at: 'start', weight: 600 }),
    box(28, 240, 150, 56, 'client 2 sends'),
    box(188, 240, 150, 56, 'bytes arrive'),
    box(348, 240, 150, 56, 'server closes'),
    box(508, 240, 184, 56, 'epoll_wait = 2', { code: true, kind: 'proxy' }),
    arrow(28, 324, 692, 324, 'grey'),
    note(103, 348, '3.01 ms', { size: 14 }),
    note(263, 348, '3.01 ms', { size: 14 }),
    note(423, 348, '3.02 ms', { size: 14 }),
    note(600, 348, '3.02 ms', { size: 14 }),
    note(360, 384, 'A seed decides who moves next. If nothing can move any more, the program waits for ever.'),
  ],
};

export const backgroundPictures = [descriptors, handshake, blocking, epoll, stream, send, closing, ownKernel];
