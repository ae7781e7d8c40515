/** What tests of all rooms share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty folder, removed after the last test of the file or of this `describe`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
