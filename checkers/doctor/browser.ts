import { findOnPath } from '../lab/python.ts';
import { text } from '../messages/index.ts';
import type { Probe } from './finding.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'firefox'];

/** A browser for trying the proxy, and whether pages open in it automatically. */
export const browserProbe: Probe = {
  name: 'Browser',
  look({ opensPages, platform }) {
    const found = names.find((name) => findOnPath(name) !== undefined);
    if (opensPages) return { state: 'works', says: text.doctor.pagesOpenByThemselves };
    return {
      state: 'lacking',
      says: found === undefined ? text.doctor.noneCouldBeOpened : text.doctor.butNoScreenTo(found),
      without: text.doctor.replaysAndTheatrePrint,
      ...(platform === 'linux' && { get: text.doctor.nameProgramInVariable }),
    };
  },
};
