import { findOnPath } from '../harness/python.ts';
import type { Probe } from './finding.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'firefox'];

/** A browser for trying the proxy, and whether pages open in it automatically. */
export const browserProbe: Probe = {
  name: 'Browser',
  look({ opensPages, platform }) {
    const found = names.find((name) => findOnPath(name) !== undefined);
    if (opensPages) return { state: 'works', says: 'pages open by themselves' };
    return {
      state: 'lacking',
      says: found === undefined ? 'none that could be opened from here' : `${found}, but no screen to open it on`,
      without: 'replays and the theatre print an address or a path: open it yourself, or use curl',
      ...(platform === 'linux' && { get: 'name a program in the variable BROWSER, e.g. BROWSER=firefox' }),
    };
  },
};
