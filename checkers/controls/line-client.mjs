/** A correct line client on node:net: watches both sides at once, and sends each line as it arrives. */
import { connect } from 'node:net';

let due = 0;
let inputEnded = false;
let typed = '';
const server = connect(Number(process.env.PORT), '127.0.0.1');

/** @param {string} sentence */
function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`, () => process.exit(1));
}

/** @param {string} line */
function ask(line) {
  due += 1;
  server.write(`${line}\n`, 'latin1');
}

function endIfDone() {
  if (inputEnded && due === 0) server.end();
}

server.on('error', (error) => giveUp(`The server: ${error.message}`));
server.on('close', () => {
  if (due > 0 || !inputEnded) giveUp('The server has gone.');
});
server.on('data', (bytes) => {
  due -= bytes.filter((byte) => byte === 0x0a).length;
  process.stdout.write(bytes);
  endIfDone();
});
process.stdin.on('data', (bytes) => {
  const lines = (typed + bytes.toString('latin1')).split('\n');
  typed = lines.pop() ?? '';
  for (const line of lines) ask(line);
});
process.stdin.on('end', () => {
  if (typed !== '') ask(typed);
  inputEnded = true;
  endIfDone();
});
