import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { fileShares } from './small-files.ts';

const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const COUNT = 2000;
const MAKE = `import os
for i in range(${COUNT}): os.mknod("/tmp/%d" % i)
print("made", flush=True)
input()`;

test.skipIf(!mounts)(
  `counts the memory of empty files${mounts ? '' : ' (skipped: this machine does not allow mounting a file system)'}`,
  async () => {
    const inside = 'mount -t tmpfs none /tmp && exec python3 -c "$1"';
    const program = spawn('unshare', ['-rm', 'sh', '-c', inside, 'sh', MAKE], {
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(program.stdout, 'data');
      const pid = program.pid ?? 0;
      expect(fileShares([pid], COUNT).get(pid)).toBeGreaterThanOrEqual(COUNT * 1024);
      expect(fileShares([pid]).size).toBe(0);
      expect(fileShares([process.pid], 1).size).toBe(0);
    } finally {
      program.kill('SIGKILL');
    }
  },
  60_000,
);
