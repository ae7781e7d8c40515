/** The pictures of the lessons. */
import { arrow, box, type Colour, cells, line, note, type Picture, socket, step, text } from './draw.ts';

const server: Picture = {
  name: 'stage-1/server',
  title: 'A TCP server and its two kinds of sockets',
  description:
    'The server has a listening socket at port 8080, made by socket, bind and listen. Client B has connected there and waits in its queue. Client A has been let in: accept took its connection from the queue and returned a connection socket of its own. Through that one the lines of client A arrive with recv, and the reversed lines go back with send, until it leaves.',
  width: 720,
  height: 330,
  parts: [
    box(28, 46, 140, 76, 'client B', { sub: 'came second' }),
    box(28, 168, 140, 100, 'client A', { sub: 'types a line' }),
    box(330, 28, 362, 258, '', { kind: 'proxy' }),
    text(511, 58, 'server', { size: 18, weight: 600 }),
    socket(330, 58, 52),
    socket(330, 186, 66),
    arrow(168, 84, 320, 84, 'grey', { dashed: true }),
    note(244, 73, 'in the queue'),
    text(352, 92, 'listening socket', { at: 'start', weight: 600 }),
    note(352, 114, 'socket, bind, listen', { at: 'start', code: true, size: 14 }),
    arrow(420, 128, 420, 186, 'grey'),
    note(432, 162, 'accept', { at: 'start', code: true, size: 14 }),
    arrow(168, 204, 320, 204, 'blue'),
    note(244, 195, 'abc↵', { code: true }),
    arrow(320, 234, 168, 234, 'green'),
    note(244, 257, 'cba↵', { code: true }),
    text(352, 212, 'connection socket', { at: 'start', weight: 600 }),
    note(352, 234, 'recv, send', { at: 'start', code: true, size: 14 }),
    note(352, 258, 'one for each client, until it leaves', { at: 'start', size: 14 }),
    note(98, 312, 'any ports', { size: 14 }),
    note(511, 312, 'port 8080', { size: 14 }),
  ],
};

const client: Picture = {
  name: 'stage-2/client',
  title: 'A TCP client between a terminal and a server',
  description:
    'The client reads a line from standard input (1), sends it through its socket to the server on port 8080 (2), receives the answer (3) and writes it to standard output (4). The socket comes from socket and connect. It ends when the input ends, or when the server closes, which recv reports as 0.',
  width: 720,
  height: 270,
  parts: [
    box(28, 76, 150, 118, 'terminal', { sub: 'you' }),
    box(280, 56, 170, 158, 'client', { sub: 'your program', kind: 'proxy' }),
    box(552, 76, 140, 118, 'server', { sub: 'port 8080' }),
    socket(450, 96, 80),
    arrow(178, 112, 278, 112, 'blue'),
    note(228, 90, 'read', { code: true }),
    arrow(280, 160, 180, 160, 'green'),
    note(228, 190, 'write', { code: true }),
    arrow(460, 112, 550, 112, 'blue'),
    note(506, 90, 'send', { code: true }),
    arrow(552, 160, 460, 160, 'green'),
    note(506, 190, 'recv', { code: true }),
    step(224, 112, 1, 'blue'),
    step(500, 112, 2, 'blue'),
    step(512, 160, 3, 'green'),
    step(236, 160, 4, 'green'),
    note(365, 240, 'socket, then connect: no bind, no listen', { size: 15 }),
    note(365, 36, 'ends with the input, or when recv returns 0'),
  ],
};

const loop: Picture = {
  name: 'stage-3/loop',
  title: 'The epoll loop of a server with many clients',
  description:
    'epoll_wait sleeps until something happens on any of the watched sockets, and returns a list of events. For each event the program asks whether it is on the listening socket. If so, it accepts a client and attaches the new connection socket to epoll. If not, it is on a connection socket: the program receives and answers, or closes. Then it waits again.',
  width: 720,
  height: 360,
  parts: [
    box(28, 130, 170, 90, 'epoll_wait', { sub: 'sleeps', kind: 'proxy', code: true }),
    arrow(198, 175, 262, 175, 'grey'),
    note(230, 164, 'events'),
    box(264, 130, 172, 90, 'which socket?', { kind: 'plain' }),
    arrow(436, 152, 510, 98, 'violet'),
    note(448, 106, 'listening', { at: 'end' }),
    box(512, 50, 180, 92, 'accept', { sub: 'attach the new one', code: true }),
    arrow(436, 198, 510, 252, 'blue'),
    note(448, 254, 'connection', { at: 'end' }),
    box(512, 208, 180, 92, 'recv, send', { sub: 'or close, at the end', code: true }),
    line('M602 300V318a14 14 0 0 1-14 14H127a14 14 0 0 1-14-14V234', 'grey'),
    arrow(113, 246, 113, 222, 'grey'),
    line('M602 50V42a14 14 0 0 0-14-14H127a14 14 0 0 0-14 14V116', 'grey'),
    arrow(113, 104, 113, 128, 'grey'),
    note(350, 350, 'the next event, or back to sleep', { size: 14 }),
  ],
};

const proxy: Picture = {
  name: 'stage-4/tcp-proxy',
  title: 'A TCP proxy between a browser and its upstream server',
  description:
    'Without a proxy the browser connects straight to the upstream server on port 3000. With the proxy there are two connections. The browser connects to port 8080 of the proxy, which holds the connection socket. The proxy connects to port 3000 of the upstream server through its upstream socket. A request travels from browser to proxy (1) and on to upstream (2); the answer travels from upstream to proxy (3) and on to the browser (4).',
  width: 720,
  height: 330,
  parts: [
    line('M103 106V62a14 14 0 0 1 14-14h480a14 14 0 0 1 14 14v36', 'grey', { dashed: true }),
    arrow(611, 90, 611, 104, 'grey'),
    note(360, 36, 'without a proxy: straight to port 3000'),
    box(28, 106, 150, 138, 'browser', { sub: 'the client' }),
    box(262, 90, 184, 168, 'proxy', { sub: 'your program', kind: 'proxy' }),
    box(530, 106, 162, 138, 'upstream', { sub: 'the file server' }),
    socket(262, 134, 82),
    socket(446, 134, 82),
    arrow(178, 152, 253, 152, 'blue'),
    arrow(455, 152, 528, 152, 'blue'),
    arrow(530, 198, 456, 198, 'green'),
    arrow(254, 198, 180, 198, 'green'),
    step(211, 152, 1, 'blue'),
    step(487, 152, 2, 'blue'),
    step(497, 198, 3, 'green'),
    step(221, 198, 4, 'green'),
    line('M262 262v12M446 262v12', 'grey'),
    note(262, 290, 'connection socket', { weight: 600 }),
    note(262, 311, 'accepted on port 8080', { size: 14 }),
    note(446, 290, 'upstream socket', { weight: 600 }),
    note(446, 311, 'connected to port 3000', { size: 14 }),
  ],
};

function row(top: number, name: string, fds: [string, string], colour: Colour): string[] {
  const middle = top + 27;
  return [
    box(28, top, 124, 54, name),
    line(`M152 ${middle}H264M456 ${middle}H568`, colour),
    `<circle cx="152" cy="${middle}" r="5" fill="var(--${colour})"/><circle cx="568" cy="${middle}" r="5" fill="var(--${colour})"/>`,
    cells(264, top + 2, fds, { width: 96, height: 50, colour }),
  ];
}

const routeTable: Picture = {
  name: 'stage-4/route-table',
  title: 'The route table',
  description:
    'Three clients on the left, the proxy in the middle, one upstream server on the right. Each client has a connection to the proxy, and for each of them the proxy has a connection of its own to the upstream server. The route table in the proxy holds one row for each client, a pair of connection socket and upstream socket: [5, 6], [7, 8] and [9, 10]. Descriptor 3 is the listening socket and 4 is the epoll instance; neither is in the table.',
  width: 720,
  height: 400,
  parts: [
    box(230, 24, 260, 330, '', { kind: 'proxy' }),
    text(360, 52, 'proxy', { size: 18, weight: 600 }),
    text(360, 78, 'routeTable', { code: true, weight: 600, size: 15 }),
    note(312, 104, 'connection', { size: 14 }),
    note(408, 104, 'upstream', { size: 14 }),
    note(360, 382, '3 is the listening socket, 4 the epoll instance: neither is in the table'),
    box(568, 113, 124, 230, 'upstream', { sub: 'port 3000' }),
    ...row(117, 'client A', ['5', '6'], 'blue'),
    ...row(201, 'client B', ['7', '8'], 'green'),
    ...row(285, 'client C', ['9', '10'], 'violet'),
  ],
};

const backpressure: Picture = {
  name: 'stage-5/backpressure',
  title: 'Backpressure: how a slow client slows the upstream down',
  description:
    'The upstream sends fast, the client reads slowly. Between them, from right to left: the receive buffer of the upstream socket, the rest that waits in the proxy, and the send buffer of the connection socket. The send buffer is full (1). So what send did not take waits in the proxy (2), at most one buffer. While it waits, the upstream socket is not read (3), so its receive buffer fills up, and the kernel tells the upstream to stop sending (4).',
  width: 720,
  height: 340,
  parts: [
    box(12, 110, 114, 110, 'client', { sub: 'reads slowly' }),
    box(186, 50, 348, 220, '', { kind: 'proxy' }),
    text(360, 78, 'proxy', { size: 18, weight: 600 }),
    box(594, 110, 114, 110, 'upstream', { sub: 'sends fast' }),
    box(204, 112, 92, 106, 'send', { sub: 'buffer: full', kind: 'plain' }),
    box(314, 112, 92, 106, 'waiting', { sub: 'the rest', kind: 'plain' }),
    box(424, 112, 92, 106, 'receive', { sub: 'buffer: fills', kind: 'plain' }),
    arrow(204, 165, 128, 165, 'green'),
    arrow(314, 165, 298, 165, 'red', { dashed: true }),
    arrow(424, 165, 408, 165, 'red', { dashed: true }),
    arrow(594, 165, 518, 165, 'red', { dashed: true }),
    step(250, 244, 1, 'red'),
    step(360, 244, 2, 'red'),
    step(470, 244, 3, 'red'),
    step(564, 140, 4, 'red'),
    note(250, 300, 'EPOLLOUT: tell me', { size: 14 }),
    note(250, 318, 'when there is room', { size: 14 }),
    note(470, 300, 'no EPOLLIN: not', { size: 14 }),
    note(470, 318, 'read for now', { size: 14 }),
  ],
};

const handshake: Picture = {
  name: 'stage-5/handshake',
  title: 'A connection that is begun and not waited for',
  description:
    'Three rounds of the loop, from top to bottom. In the first round a client connects: accept4, socket and connect, which answers EINPROGRESS; the client is watched for nothing, the upstream socket for EPOLLOUT. Then the loop serves others. In a later round EPOLLOUT comes: getsockopt SO_ERROR says 0, and both are watched for EPOLLIN; or it says ECONNREFUSED, and the pair is closed.',
  width: 720,
  height: 330,
  parts: [
    box(28, 30, 190, 64, 'a client connects', { kind: 'proxy' }),
    arrow(218, 62, 268, 62, 'grey'),
    box(270, 30, 422, 64, 'accept4, socket, connect', { sub: 'EINPROGRESS: the handshake has begun', code: true }),
    arrow(123, 94, 123, 130, 'grey'),
    box(28, 132, 190, 64, 'others are served', { kind: 'plain' }),
    note(481, 160, 'client: 0, its bytes stay in the kernel', { size: 15 }),
    note(481, 182, 'upstream: EPOLLOUT', { size: 15 }),
    arrow(123, 196, 123, 232, 'grey'),
    box(28, 234, 190, 64, 'EPOLLOUT', { sub: 'it is over', kind: 'proxy', code: true }),
    arrow(218, 266, 268, 266, 'grey'),
    box(270, 234, 200, 64, '0: connected', { sub: 'both: EPOLLIN' }),
    box(492, 234, 200, 64, 'refused', { sub: 'closePair' }),
    note(470, 322, 'getsockopt SO_ERROR says which', { size: 14 }),
  ],
};

const halfClose: Picture = {
  name: 'stage-6/half-close',
  title: 'A connection has two directions, and each ends by itself',
  description:
    'Client, proxy and upstream side by side, time goes down. The client sends a question and then FIN (1). The proxy passes both on: the question, then shutdown, which sends FIN to the upstream (2). The way back is still open: the answer comes from the upstream and goes on to the client (3). Then the upstream sends FIN, and the proxy passes that on, too (4). Now both directions have ended, and the pair is closed.',
  width: 720,
  height: 360,
  parts: [
    box(30, 24, 140, 50, 'client'),
    box(290, 24, 140, 50, 'proxy', { kind: 'proxy' }),
    box(550, 24, 140, 50, 'upstream'),
    line('M100 74V330M360 74V330M620 74V330', 'grey', { dashed: true }),
    arrow(104, 108, 354, 108, 'blue'),
    note(230, 98, 'question, FIN'),
    arrow(364, 148, 614, 148, 'blue'),
    note(490, 138, 'question, FIN'),
    arrow(614, 198, 366, 198, 'green'),
    note(490, 188, 'answer'),
    arrow(354, 228, 106, 228, 'green'),
    note(230, 218, 'answer'),
    arrow(614, 268, 366, 268, 'green'),
    note(490, 258, 'FIN'),
    arrow(354, 298, 106, 298, 'green'),
    note(230, 288, 'FIN'),
    step(70, 108, 1, 'blue'),
    step(650, 148, 2, 'blue'),
    step(650, 198, 3, 'green'),
    step(650, 268, 4, 'green'),
    note(360, 350, 'both have ended: closePair', { size: 15 }),
  ],
};

export const stagePictures = [server, client, loop, proxy, routeTable, handshake, backpressure, halfClose];
