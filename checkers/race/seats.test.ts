import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Seats } from './seats.ts';

const possible = new Seats([]).isPossible;

function processorsOf(pid: number | undefined): string | undefined {
  return /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}

test.skipIf(!possible)(
  'a proxy gets a processor to itself; without one, the generators have all (needs taskset)',
  () => {
    const proxy = spawn('sleep', ['60'], { stdio: 'ignore' });
    const clients = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const seats = new Seats([clients.pid ?? 0]);
      const before = processorsOf(proxy.pid);
      seats.take(proxy.pid ?? 0);
      expect(processorsOf(proxy.pid)).toBe(String(seats.own));
      expect(processorsOf(clients.pid)?.split(/[,-]/)).not.toContain(String(seats.own));
      seats.take(0);
      expect(processorsOf(clients.pid)).toBe(before);
    } finally {
      proxy.kill('SIGKILL');
      clients.kill('SIGKILL');
    }
  },
);
