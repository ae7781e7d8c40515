import type { Probe } from './finding.ts';

/** Node itself. An outdated one stops earlier: see scripts/node-version.mjs. */
export const nodeProbe: Probe = {
  name: 'Node',
  look: () => ({ state: 'works', says: process.versions.node }),
};
