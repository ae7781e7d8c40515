import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as messages } from '../messages/index.ts';
import { root } from '../root.ts';
import type { Probe } from './finding.ts';

/** Node itself, against what package.json asks for. */
export const nodeProbe: Probe = {
  name: 'Node',
  look() {
    const wanted: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
    const version = process.versions.node;
    if (isAtLeast(version, wanted.replace('>=', ''))) return { state: 'works', says: version };
    return {
      state: 'broken',
      says: messages.doctor.whichIsTooOld(version),
      without: messages.doctor.programsMayNotStart(wanted.replace('>=', '')),
      get: messages.doctor.nvmInstallOrPackage,
    };
  },
};

/** Whether a version such as '20.19.3' is not older than another. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const index = want.findIndex((part, place) => (have[place] ?? 0) !== part);
  return index === -1 || (have[index] ?? 0) > (want[index] ?? 0);
}
