/** The pictures of stage 8. */
import { arrow, box, line, note, type Picture, socket, step, text } from './draw.ts';

const handOn: Picture = {
  name: 'stage-8/hand-on',
  title: 'A client is handed on',
  description:
    'A client has connected to the proxy and has sent bytes, which are not read yet. (1) The proxy tries upstream B, which is dead, and refuses. (2) Then it tries upstream C, which takes the connection. Upstream A has a client of its own. Only now are the bytes read, and go to C.',
  width: 720,
  height: 330,
  parts: [
    box(24, 120, 130, 90, 'client'),
    box(270, 40, 170, 250, 'proxy', { kind: 'proxy' }),
    socket(270, 147, 36),
    arrow(154, 165, 254, 165, 'blue'),
    note(207, 146, 'bytes wait'),
    note(207, 196, 'in the kernel'),
    box(560, 34, 136, 70, 'A', { sub: 'up' }),
    box(560, 130, 136, 70, 'B', { sub: 'down', kind: 'plain' }),
    box(560, 226, 136, 70, 'C', { sub: 'up' }),
    socket(440, 51, 36),
    line('M456 69 H552', 'grey'),
    note(504, 54, 'at work'),
    socket(440, 147, 36),
    arrow(456, 165, 552, 165, 'red', { dashed: true }),
    step(478, 146, 1, 'red'),
    note(526, 150, 'refused'),
    socket(440, 243, 36),
    arrow(456, 261, 552, 261, 'blue'),
    step(478, 242, 2, 'blue'),
    note(526, 246, 'taken'),
    text(360, 318, 'the client has noticed nothing', { size: 15, quiet: true }),
  ],
};

const upAndDown: Picture = {
  name: 'stage-8/up-and-down',
  title: 'What the proxy knows of an upstream',
  description:
    'Three states in a circle. An upstream is up, with retryAt 0, and gets its share of the clients. When a handshake with it fails, markDown sets retryAt to a moment in the future: it is down, and passed over. When that moment has come, it is due, and the next client whose turn it is tries it. If that works, markUp makes it up again. If not, markDown makes it down for another while, and the client is handed on.',
  width: 720,
  height: 300,
  parts: [
    box(24, 60, 176, 84, 'up', { sub: 'retryAt is 0' }),
    box(272, 60, 176, 84, 'down', { sub: 'retryAt is to come', kind: 'plain' }),
    box(520, 60, 176, 84, 'due', { sub: 'retryAt is over', kind: 'proxy' }),
    note(112, 44, 'gets its share'),
    note(360, 44, 'passed over'),
    note(608, 44, 'the next client tries'),
    arrow(202, 102, 268, 102, 'red'),
    note(222, 166, 'markDown: a handshake failed', { colour: 'red' }),
    arrow(450, 102, 516, 102, 'grey'),
    note(484, 166, 'RETRY_AFTER_MS'),
    line('M584 144 V206 H380 V158', 'red', { dashed: true }),
    arrow(380, 160, 380, 148, 'red'),
    note(482, 196, 'markDown: not yet', { colour: 'red' }),
    line('M640 144 V254 H64 V158', 'green'),
    arrow(64, 160, 64, 148, 'green'),
    note(376, 244, 'markUp: it took a connection', { colour: 'green' }),
    note(360, 286, 'status: "up" on the left, "down" for the other two'),
  ],
};

export const upstreamsPictures: Picture[] = [handOn, upAndDown];
