/** Questions for a talk with a student, out of what their own program did and their own code. */
import type { TraceRecord } from '../../contract/trace-record.ts';
import type { SourceFile } from '../integrity/sources.ts';
import type { Recorded } from './record.ts';

/** A question, and what the instructor may expect to hear. */
export interface Question {
  /** two questions with the same topic ask for the same understanding */
  topic: string;
  question: string;
  answer: string;
  /** what it is about, for the instructor: the check in which it happened, or the line of code */
  where: string;
}

const WANTED = 3;

type Call = TraceRecord & { line: number };
type Rule = (call: Call, after: Call[]) => Omit<Question, 'where'> | undefined;

/** In the order of how much an answer tells; the first three that fit are asked. */
const rules: Rule[] = [
  ({ call, line, fd, args, result = 0 }, after) => {
    const length = Number(args.length);
    if (!isSend(call) || !(result > 0 && result < length)) return undefined;
    const next = after.find((other) => isSend(other.call) && other.fd === fd);
    const did =
      next === undefined
        ? 'In the trace, nothing more was sent there.'
        : `In the trace, the next ${next.call}() on that descriptor is at line ${next.line}, with ${count(next.args.length)} bytes.`;
    return {
      topic: 'partial send',
      question: `Your ${call}() at line ${line} took ${count(result)} of ${count(length)} bytes: what happens to the rest?`,
      answer: `The kernel's send buffer had room for ${count(result)} bytes only. The other ${count(length - result)} are still the program's: it has to keep them and send them, from byte ${count(result)} of the buffer on, in order and before anything newer. ${did}`,
    };
  },
  ({ call, line, errno, args }) => {
    if (!isSend(call) || errno !== 'EAGAIN') return undefined;
    return {
      topic: 'full buffer',
      question: `Your ${call}() at line ${line} failed with EAGAIN when it had ${count(args.length)} bytes to send. What does that mean, and what wakes your program up to go on?`,
      answer:
        'The send buffer is full since the other side reads slowly; nothing is wrong with the connection. The program has to keep the bytes, ask its loop for EPOLLOUT (or the like) on this descriptor, send on when it is writable, and should stop reading from the other side meanwhile.',
    };
  },
  ({ call, line, errno }) => {
    if (call !== 'connect' || errno !== 'EINPROGRESS') return undefined;
    return {
      topic: 'connecting',
      question: `Your connect() at line ${line} failed with EINPROGRESS. How does your program learn whether the connection came about?`,
      answer:
        'The socket is non-blocking, and the handshake goes on in the kernel. The socket becomes writable when it is over; SO_ERROR then tells whether it succeeded (0) or with which error it failed.',
    };
  },
  ({ call, line, fd, result }, after) => {
    if (!isRecv(call) || result !== 0) return undefined;
    const next = after.find((other) => ['close', 'shutdown'].includes(other.call));
    const did =
      next === undefined
        ? ''
        : ` In the trace, ${next.call}() of descriptor ${next.fd} at line ${next.line} comes next.`;
    return {
      topic: 'end of stream',
      question: `Your ${call}() at line ${line} returned 0 for descriptor ${fd}. What has the other side done, and what would your loop do if you ignored it?`,
      answer: `0 is the end of the stream: the other side has closed, or finished sending. The descriptor stays readable, so a loop that ignores it is woken up at once for ever, and uses a whole processor.${did}`,
    };
  },
  ({ call, line, errno }) => {
    if (errno !== 'ECONNRESET' && errno !== 'EPIPE') return undefined;
    return {
      topic: 'reset',
      question: `Your ${call}() at line ${line} failed with ${errno}. What has happened, and which descriptors does your program close then?`,
      answer:
        'The other side has broken the connection off: what was not delivered is lost. The program must not end. It closes this descriptor and, in a proxy, the one at the other end of the pair, and forgets both.',
    };
  },
  ({ call, line, errno }) => {
    if (!isRecv(call) || errno !== 'EAGAIN') return undefined;
    return {
      topic: 'nothing to read',
      question: `Your ${call}() at line ${line} failed with EAGAIN. Why is that no error, and how does it differ from a result of 0?`,
      answer:
        'There is nothing to read now, and there may be later: the program goes back to its loop. A result of 0 says that nothing will ever come.',
    };
  },
  ({ call, line, events = [] }) => {
    if (call !== 'epoll_wait' || events.length < 2) return undefined;
    return {
      topic: 'several events',
      question: `Your epoll_wait() at line ${line} reported ${events.length} descriptors at once. What can go wrong if handling the first of them closes another one?`,
      answer:
        'The list was made before: it may name a descriptor that is closed by now, or whose number belongs to a new connection. The program has to notice that, e.g. by looking each descriptor up before it uses it.',
    };
  },
  ({ call, line, result = 0, args }) => {
    if (!isRecv(call) || !(result > 0 && result < Number(args.length))) return undefined;
    return {
      topic: 'boundaries',
      question: `Your ${call}() at line ${line} returned ${count(result)} with a buffer of ${count(args.length)} bytes. Was that one message of the sender's? How would you know?`,
      answer:
        'TCP is a stream: the result is how many bytes had arrived. It may be a part of a message, or several. Only the program’s own protocol has boundaries; a proxy needs none and hands on exactly this many bytes, not the whole buffer.',
    };
  },
  ({ call, line, args }) => {
    if (call !== 'setsockopt' || args.option !== 2) return undefined;
    return {
      topic: 'address in use',
      question: `At line ${line} you set SO_REUSEADDR. When would your program fail without it, and in which call?`,
      answer:
        'When it is started again while connections of the earlier run are still in TIME_WAIT: bind() then fails with EADDRINUSE for about a minute.',
    };
  },
  ({ call, line, args }) => {
    if (call !== 'listen') return undefined;
    return {
      topic: 'backlog',
      question: `At line ${line} you call listen() with ${count(args.backlog)}. Where is a client before your accept(), and what does it notice?`,
      answer:
        'The kernel finishes the handshake by itself and keeps up to so many connections in a queue. The client is connected and may send already; it gets no answer until accept() was called and the program reads.',
    };
  },
  ({ call, line, fd, result = -1 }) => {
    if (call !== 'accept' || result < 0) return undefined;
    return {
      topic: 'two sockets',
      question: `Your accept() at line ${line} returned ${result}, and you called it with ${fd}. What is each of the two good for?`,
      answer: `${fd} is the listening socket: no byte of a client goes through it. ${result} is the connection to this one client, and has to be closed when the client is done.`,
    };
  },
];

/** For programs that cannot be traced: what stands in the code. The first group is what is asked about. */
const inCode: [topic: string, found: RegExp, question: (what: string) => string, answer: string][] = [
  [
    'partial send',
    /\b(sendall|send|write|writev)\s*\(/,
    (what) => `What does ${what}() return or do here if the kernel takes only a part of the bytes?`,
    'A plain send() or write() returns how many it took; the rest has to be sent later, in order. sendall() and streams (Node’s write()) keep the rest themselves, and then the question is what bounds their memory.',
  ],
  [
    'end of stream',
    /\b(recv|recv_into|read|on\(['"]end['"]|end)\b/,
    (what) => `How does your program learn here (${what}) that the other side has finished, and what does it do then?`,
    'A read of 0 bytes, an empty result or an "end" event. A proxy tells the other side (close or half-close), and releases both descriptors when both are done.',
  ],
  [
    'backpressure',
    /\b(pipe|pause|resume|drain|setblocking|O_NONBLOCK|select|poll|epoll\w*)\b/,
    (what) => `What happens around ${what} when one side reads much more slowly than the other one sends?`,
    'Either the program stops reading from the fast side, or bytes pile up in its memory without a bound.',
  ],
  [
    'two sockets',
    /\b(accept|createServer|create_server|start_server|listen)\b/,
    (what) => `What does ${what} give you for each client, and when is that released?`,
    'A connection of its own for each client, apart from the listening socket; it is closed when the client is done, or the program runs out of descriptors.',
  ],
  [
    'reset',
    /\b(except|catch|on\(['"]error['"]|errno|error)\b/,
    (what) => `Which failure of a connection ends up here (${what}), and what is left open if you do nothing?`,
    'For example ECONNRESET. Without closing the pair, its descriptors stay open, and with no handler at all the whole program ends.',
  ],
];

/**
 * Up to three questions, each about something else.
 *
 * @param recorded the program and its traced runs
 */
export function questionsOn({ files, traces }: Recorded): Question[] {
  const found: Question[] = [];
  const add = (question: Question | undefined): void => {
    if (question !== undefined && found.length < WANTED && !found.some(({ topic }) => topic === question.topic))
      found.push(question);
  };
  for (const rule of rules) add(firstOf(rule, traces, files));
  for (const [topic, pattern, question, answer] of inCode)
    add(inCodeOf(files, pattern, (what) => ({ topic, question: question(what), answer })));
  return found;
}

function firstOf(rule: Rule, traces: Recorded['traces'], files: SourceFile[]): Question | undefined {
  for (const { check, trace } of traces) {
    // Calls under way, and those of our own library, say nothing of a line of the student's.
    const calls = trace.filter((call): call is Call => call.line !== undefined && call.took !== undefined);
    for (const [index, call] of calls.entries()) {
      const asked = rule(call, calls.slice(index + 1));
      if (asked !== undefined) return { ...asked, where: `in the check “${check}”${quoted(files, call.line)}` };
    }
  }
  return undefined;
}

function inCodeOf(
  files: SourceFile[],
  pattern: RegExp,
  ask: (what: string) => Omit<Question, 'where'>,
): Question | undefined {
  for (const { name, text } of files) {
    for (const [at, line] of text.split('\n').entries()) {
      const [, what] = /^\s*(\/\/|#|\*|import\b|from\b|const .*require\()/.test(line) ? [] : (pattern.exec(line) ?? []);
      if (what === undefined) continue;
      const { topic, question, answer } = ask(what);
      return { topic, question: `${name}, line ${at + 1}: ${question}`, answer, where: line.trim() };
    }
  }
  return undefined;
}

/** ': const n = send(…)', the line in the program's first file. */
function quoted([file]: SourceFile[], line: number): string {
  const text = file?.text.split('\n')[line - 1]?.trim();
  return text ? `: ${text}` : '';
}

function isSend(call: string): boolean {
  return ['send', 'write', 'sendto', 'sendmsg', 'writev'].includes(call);
}

function isRecv(call: string): boolean {
  return ['recv', 'read', 'recvfrom', 'recvmsg', 'readv'].includes(call);
}

function count(number: number | string | undefined): string {
  return Number(number).toLocaleString('en-US');
}
