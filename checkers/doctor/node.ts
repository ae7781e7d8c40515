import type { Probe } from './finding.ts';

/** Node itself. One that is too old does not come so far: see scripts/node-version.mjs. */
export const nodeProbe: Probe = {
  name: 'Node',
  look: () => ({ state: 'works', says: process.versions.node }),
};
