import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SocketDiag } from './socket-diag.ts';
import { socketBytes } from './socket-memory.ts';

const diag = existsSync('/proc/net/tcp') ? await SocketDiag.open().catch(() => undefined) : undefined;

/** Connections, each with 100 KB of unread bytes: in all more than the other processes on the machine have. */
const MANY = 300;
const BYTES = 100_000;
const LEAST = (MANY * BYTES) / 2;

test.skipIf(diag === undefined).each(['tcp', 'unix'])(
  'what was sent over %s and never read is counted',
  async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'workshop-sockets-'));
    const path = join(folder, 's');
    const server = createServer({ pauseOnConnect: true });
    server.listen(kind === 'tcp' ? { port: 0, host: '127.0.0.1' } : { path });
    await once(server, 'listening');
    const address = server.address();
    const where =
      typeof address === 'object' && address !== null ? { port: address.port, host: '127.0.0.1' } : { path };
    const clients = Array.from({ length: MANY }, () => connect(where));
    try {
      for (const client of clients) client.write(Buffer.alloc(BYTES, 1));
      await expect.poll(() => socketBytes(diag as SocketDiag), { timeout: 20_000 }).toBeGreaterThan(LEAST);
    } finally {
      for (const client of clients) client.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
