import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckFailure } from '../../contract/check.ts';
import { firstDifference } from '../../contract/compare.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { fetchDirectly, type HttpAnswer, readAnswer, requestFor } from '../../harness/http.ts';
import { servedFolder } from '../../harness/python.ts';

const PATHS = ['/', '/files/', '/no-such-page', '/files/random.bin'];

export const pages: Check = {
  id: 'pages',
  title: 'A page, a listing, a 404 and a binary file from Python arrive as without the proxy',
  todos: ['4.2.6', '4.2.7', '4.2.5'],
  doc: 'handleupstream',
  hint: [
    'A page is more than text, and the file server closes the connection after each answer. Does your proxy carry over both: every byte of any value, and the close?',
    'What went through must be bytes all the way: a string in between changes what is not text. All of them must be sent before anything is closed. And the end of the answer, recv returning 0, is a message too: the browser waits for it.',
    [
      '  // the buffer from recv goes into send as it is: no toString, no search',
      '  // recv says 0 -> only now, with everything sent: closePair',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const [program] = await Promise.all([harness.startProxy(), harness.startFileServer()]);
    for (const path of PATHS) {
      const direct = await fetchDirectly(path, harness.settings.ports.upstream);
      if (path === '/files/random.bin') requireOwnFile(direct);
      harness.step(`fetched ${path} from the file server, then through the proxy`);
      expectSame(path, direct, await fetchThroughProxy(harness, path));
    }
    harness.expectAlive(program);
  },
};

/** The file server is ours: a wrong answer of it is no mistake of the learner's program. */
function requireOwnFile(answer: HttpAnswer): void {
  const file = readFileSync(join(servedFolder, 'files', 'random.bin'));
  if (!answer.body.equals(file)) throw new Error("the checker's own file server served the wrong bytes");
}

async function fetchThroughProxy(harness: Harness, path: string): Promise<HttpAnswer> {
  const client = await harness.connect();
  await client.send(requestFor(path, harness.settings.ports.upstream));
  const answer = await readAnswer(client, harness.waiting);
  // A connection with an incomplete answer stays open, so that the evidence shows where the bytes are.
  if (answer.complete) client.close();
  return answer;
}

function expectSame(path: string, direct: HttpAnswer, proxied: HttpAnswer): void {
  const [expected, observed] = [comparable(direct), comparable(proxied)];
  const difference = firstDifference(expected, 0, observed);
  if (difference === undefined && observed.length === expected.length) return;
  throw new CheckFailure({
    symptom: difference === undefined ? 'missing-bytes' : 'wrong-bytes',
    expected: `GET ${path} brings ${expected.length} bytes, as straight from the file server`,
    observed:
      difference === undefined
        ? `${observed.length} of them came${proxied.complete ? '' : ', then nothing more'}`
        : `${observed.length} bytes came, and byte ${difference.offset} differs`,
    ...(difference && { difference }),
  });
}

/** The two answers have different times, so the Date header may differ; its length never does. */
function comparable({ head, body }: HttpAnswer): Buffer {
  const dateless = head.toString('latin1').replace(/^(Date: ).*$/im, (line) => line.replace(/[^:]/g, '-'));
  return Buffer.concat([Buffer.from(dateless, 'latin1'), body]);
}
