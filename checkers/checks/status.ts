/** The status line of a proxy, which describes its upstreams. */
import { CheckFailure } from '../contract/check.ts';
import { type Harness, STATUS_MS } from '../harness/harness.ts';

/** The status of one upstream. */
export interface Told {
  port: number;
  up: boolean;
  open: number;
  total: number;
  failed: number;
}

/** Another address of this machine. A socket that listens on 127.0.0.1 alone is not reachable there. */
const ELSEWHERE = '127.0.0.2';
/** A correct proxy may still be counting what has just happened, in ms. */
const SETTLE_MS = 3000;
const LOOK_MS = 50;
/** How much of a wrong answer is shown. */
const MAX_SHOWN = 200;

/** '3000 up open=2 total=17 failed=0; 3001 …' and a newline; undefined for anything else. */
export function readStatusLine(line: string): Told[] | undefined {
  if (!line.endsWith('\n')) return undefined;
  const told = line.slice(0, -1).split('; ').map(readOne);
  return told.every((one) => one !== undefined) ? told : undefined;
}

function readOne(part: string): Told | undefined {
  // A negative number has the right form and a wrong value.
  const match = /^(\d+) (up|down) open=(-?\d+) total=(-?\d+) failed=(-?\d+)$/.exec(part);
  if (match === null) return undefined;
  const [, port, state, open, total, failed] = match;
  return { port: Number(port), up: state === 'up', open: Number(open), total: Number(total), failed: Number(failed) };
}

/** The expected line. */
export function statusLine(told: Told[]): string {
  return told
    .map(({ port, up, open, total, failed }) => {
      return `${port} ${up ? 'up' : 'down'} open=${open} total=${total} failed=${failed}`;
    })
    .join('; ');
}

/**
 * Asks the program for its status.
 *
 * @throws CheckFailure when it does not answer with one line and the end of the stream
 */
export async function askStatus(harness: Harness): Promise<Told[]> {
  const { text: heard, end } = await harness.readStatus();
  const told = end === 'fin' ? readStatusLine(heard) : undefined;
  if (told !== undefined && told.map(({ port }) => port).join() === harness.settings.ports.upstreams?.join())
    return told;
  const shown = heard === '' ? 'nothing' : JSON.stringify(heard.slice(0, MAX_SHOWN));
  throw new CheckFailure({
    symptom: harness.program?.exit === undefined ? 'wrong-status' : 'stopped',
    expected: 'one line for all upstreams, then the end of the stream, such as: 3000 up open=2 total=17 failed=0',
    observed: {
      fin: `this came: ${shown}`,
      rst: `the connection was reset; before that came: ${shown}`,
      open: `the stream had not ended ${harness.waiting.seconds(STATUS_MS)} later; so far came: ${shown}`,
      refused: 'nothing listens there',
    }[end],
  });
}

/**
 * Asks until the answer is right.
 *
 * @param due the expected line, for the message
 * @param holds whether an answer is right
 * @throws CheckFailure when no answer is right in time
 */
export async function expectStatus(harness: Harness, due: string, holds: (told: Told[]) => boolean): Promise<void> {
  harness.step(`connected to port ${harness.settings.ports.status ?? 0}, STATUS_PORT, and read to the end`);
  const deadline = performance.now() + SETTLE_MS * harness.waiting.patience;
  let told = await askStatus(harness);
  while (!holds(told) && performance.now() < deadline) {
    await harness.quiet(LOOK_MS);
    told = await askStatus(harness);
  }
  if (holds(told)) return;
  throw new CheckFailure({
    symptom: 'status-miscounts',
    expected: `one line: ${due}`,
    observed: `it was: ${statusLine(told)}`,
  });
}

/**
 * Asks at another address of this machine: a status port that answers there may answer other machines, too.
 *
 * @throws CheckFailure when an answer comes
 */
export async function expectToldHereAlone(harness: Harness): Promise<void> {
  const port = harness.settings.ports.status ?? 0;
  harness.step(`connected to ${ELSEWHERE}, port ${port}`);
  const { text: heard } = await harness.readStatus(ELSEWHERE);
  if (readStatusLine(heard) === undefined) return;
  throw new CheckFailure({
    symptom: 'status-for-others',
    expected: `nothing listens at ${ELSEWHERE}: the status port is on 127.0.0.1 alone`,
    observed: `this came: ${JSON.stringify(heard.slice(0, MAX_SHOWN))}`,
  });
}
