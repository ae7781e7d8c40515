/** A program that forks and exits, as a daemon does: what it left in the background is the program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMilestone } from '../course/find.ts';
import { findOnPath } from '../harness/python.ts';
import { straceWorks } from '../trace/strace.ts';
import { runMilestone } from './run.ts';

/** Its words: FORK, or DOUBLE with a session of its own; LATE: after listen(); CLOSED: without standard output; DIES, with 3. */
const DAEMON = `
import os, socket, sys, threading
def relay(a, b):
    try:
        while d := a.recv(65536): b.sendall(d)
    except OSError: pass
    for s in (a, b):
        try: s.shutdown(2)
        except OSError: pass
def serve(c):
    with c:
        try: u = socket.create_connection(("127.0.0.1", int(os.environ["UPSTREAM_PORT"])))
        except OSError: return
        with u:
            back = threading.Thread(target=relay, args=(u, c)); back.start(); relay(c, u); back.join()
def leave():
    if os.fork(): os._exit(0)
    if "DOUBLE" in sys.argv:
        os.setsid()
        if os.fork(): os._exit(0)
    if "CLOSED" in sys.argv:
        nothing = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2): os.dup2(nothing, fd)
if "LATE" not in sys.argv: leave()
listener = socket.create_server(("", int(os.environ["PORT"])), backlog=128)
if "LATE" in sys.argv: leave()
if "DIES" in sys.argv: listener.accept(); os._exit(3)
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
`;

const folder = mkdtempSync(join(tmpdir(), 'background-'));
beforeAll(() => writeFileSync(join(folder, 'daemon.py'), DAEMON));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function judge(words: string, only: string[]) {
  const milestone = findMilestone('4.1');
  if (milestone === undefined) throw new Error('there is no milestone 4.1');
  const candidate = { kind: 'command' as const, command: `exec python3 daemon.py ${words}`, cwd: folder };
  const { results } = await runMilestone({ milestone, candidate, seed: '7f3a', only });
  return results.filter(({ id }) => only.includes(id));
}

const missing = findOnPath('python3') === undefined ? ' (python3 is not installed)' : '';

describe.skipIf(missing !== '')(`a program that puts itself in the background${missing}`, () => {
  it.each(['FORK', 'DOUBLE CLOSED', 'DOUBLE LATE', 'FORK LATE'])(
    'is judged by what it left there: %s',
    { timeout: 120_000 },
    async (words) => {
      const checks = ['listening', 'on-connect', 'restart', 'upstream-down'];
      const results = await judge(words, checks);
      expect(results.map(({ id, status }) => [id, status])).toEqual(checks.map((id) => [id, 'pass']));
    },
  );

  it.skipIf(!straceWorks())('and exits there is told so', { timeout: 120_000 }, async () => {
    const [result] = await judge('DOUBLE DIES', ['on-connect']);
    expect(result?.status).toBe('fail');
    expect(result?.explanation?.causeId).toBe('background-ended');
  });
});
