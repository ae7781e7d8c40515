/** Mutants of stage 2: the line client. */
import { GIVE_UP, READ, TRIMMED, UNTIL_NEWLINE } from './lines-parts.ts';
import type { ListedMutant } from './mutant.ts';

const SEND_LINE = 'if (!sendAll(sockFd, line)';
const PRINT = '  while (bytesWritten < answerN) {\n';
const TIDY_ANSWER = "  answerN = answer.write(`${answer.toString('latin1', 0, answerN).trimEnd()}\\n`, 'latin1');\n";

export const connectMutants: ListedMutant[] = [
  {
    id: 'client-port-fixed',
    bug: 'always connects to port 8080 and ignores PORT',
    caughtBy: 'connects',
    cause: 'server-wrong-port',
    edits: [["sockaddr_in('127.0.0.1', PORT)", "sockaddr_in('127.0.0.1', 9)"]],
  },
  {
    id: 'client-never-connects',
    bug: 'makes a socket and does not connect it',
    caughtBy: 'connects',
    cause: 'connect-missing',
    edits: [["  if (connect(sockFd, sockaddr_in('127.0.0.1', PORT)) === -1) die('connect');\n", '']],
  },
  {
    id: 'client-ends-without-a-word',
    bug: 'exits without a message when there is no server',
    caughtBy: 'no-server',
    cause: 'no-last-words',
    edits: [["PORT)) === -1) die('connect');", 'PORT)) === -1) process.exit(1);']],
  },
  {
    id: 'client-reads-on',
    bug: 'ignores the 0 of read() at the end of the input',
    caughtBy: 'end-of-input',
    cause: 'input-end-ignored',
    edits: [['    if (readN === 0) return takeRest();\n', '']],
  },
];

export const answerMutants: ListedMutant[] = [
  {
    id: 'client-drops-the-newline',
    bug: 'sends the line without its newline',
    caughtBy: 'line',
    cause: 'newline-not-sent',
    edits: [
      ['Buffer.from(input.subarray(0, lineEnd + 1));', 'Buffer.from(input.subarray(0, lineEnd));'],
      ['  inputN -= line.length;\n', '  inputN -= line.length + 1;\n'],
    ],
  },
  {
    id: 'client-prints-its-buffer',
    bug: 'prints more than the answer: also the bytes after it in the buffer',
    caughtBy: 'line',
    cause: 'printed-more-than-received',
    edits: [['answer.subarray(bytesWritten), answerN - bytesWritten)', 'answer.subarray(bytesWritten), 100)']],
  },
  {
    id: 'client-one-line-a-read',
    bug: 'takes the first line of each read() and drops the others',
    caughtBy: 'several-lines',
    cause: 'first-line-only',
    edits: [['  inputN -= line.length;\n', '  inputN = 0;\n']],
  },
  {
    id: 'client-sends-all-at-once',
    bug: 'sends all lines of a read(), and waits for one answer',
    caughtBy: 'several-lines',
    cause: 'answers-left',
    edits: [
      [
        "const lineEnd = input.subarray(0, inputN).indexOf('\\n');",
        "const lineEnd = input.subarray(0, inputN).lastIndexOf('\\n');",
      ],
    ],
  },
  {
    id: 'client-receives-once',
    bug: 'takes the bytes of one recv() for the whole answer',
    caughtBy: 'answer-in-pieces',
    cause: 'answer-cut',
    edits: [[UNTIL_NEWLINE, '  while (answerN === 0) {\n']],
  },
  {
    id: 'client-loses-the-last-line',
    bug: 'drops a last line without a newline',
    caughtBy: 'last-line',
    cause: 'last-line-lost',
    edits: [['  if (inputN === 0) return undefined;\n', '  if (inputN >= 0) return undefined;\n']],
  },
  {
    id: 'client-receives-its-input',
    bug: 'calls recv() on the standard input, which is rarely a socket',
    caughtBy: 'from-file',
    cause: 'recv-on-no-socket',
    edits: [
      [READ, READ.replace('read(STANDARD_INPUT', 'recv(STANDARD_INPUT').replace('- inputN)', '- inputN, 0)')],
      ["die('read');", "die('recv');"],
    ],
  },
  {
    id: 'client-trims-lines',
    bug: 'trims the blanks at both ends of a line before it sends it',
    caughtBy: 'every-byte',
    cause: 'line-trimmed',
    edits: [[SEND_LINE, SEND_LINE.replace('line)', `${TRIMMED})`)]],
  },
  {
    id: 'client-reads-text',
    bug: 'converts a line to a string before it sends it',
    caughtBy: 'every-byte',
    cause: 'text-conversion',
    edits: [[SEND_LINE, SEND_LINE.replace('line)', 'Buffer.from(line.toString()))')]],
  },
  {
    id: 'client-trims-answers',
    bug: 'trims the blanks at the end of an answer, and appends a newline',
    caughtBy: 'every-byte',
    cause: 'line-trimmed',
    edits: [[PRINT, `${TIDY_ANSWER}${PRINT}`]],
  },
  {
    id: 'client-prints-text',
    bug: 'prints its answers with console.log, which takes strings',
    caughtBy: 'every-byte',
    cause: 'text-conversion',
    edits: [[PRINT, `  console.log(answer.toString('utf8', 0, answerN - 1));\n  answerN = 0;\n${PRINT}`]],
  },
  {
    id: 'client-hides-the-end',
    bug: 'exits with code 0 and without a message when the server has closed',
    caughtBy: 'server-leaves',
    cause: 'failure-not-reported',
    edits: [[GIVE_UP, 'process.exit(0);\n']],
  },
  {
    id: 'client-goes-on-alone',
    bug: 'goes on to the next line when the server has closed',
    caughtBy: 'server-leaves',
    cause: 'end-ignored',
    edits: [[GIVE_UP, 'continue;\n']],
  },
];
