import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Seats } from './seats.ts';

const seats = new Seats([]);

function processorsOf(pid: number | undefined): string | undefined {
  return /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}

test.skipIf(!seats.isPossible)(
  'a proxy gets a processor for itself, and back comes the choice of all (needs taskset)',
  () => {
    const proxy = spawn('sleep', ['60'], { stdio: 'ignore' });
    const clients = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const apart = new Seats([clients.pid ?? 0]);
      const before = processorsOf(proxy.pid);
      apart.take('round-trips', proxy.pid ?? 0);
      const own = processorsOf(proxy.pid);
      expect(own).toMatch(/^\d+$/);
      expect(processorsOf(clients.pid)?.split(/[,-]/)).not.toContain(own);
      apart.take('bulk-1', proxy.pid ?? 0);
      expect([processorsOf(proxy.pid), processorsOf(clients.pid)]).toEqual([before, before]);
    } finally {
      proxy.kill('SIGKILL');
      clients.kill('SIGKILL');
    }
  },
);
