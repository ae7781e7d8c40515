import type { Probe } from './finding.ts';

/** The width that reports are made for. */
const COMFORTABLE = 80;

/** Room for the lines of a report, and signs such as ✓. */
export const terminalProbe: Probe = {
  name: 'Terminal',
  look({ columns, env, platform }) {
    const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
    const utf8 = platform !== 'linux' || /utf-?8/i.test(locale);
    const says = `${columns ? `${columns} columns` : 'none: lines are 80 columns'}, ${utf8 ? 'UTF-8' : `not UTF-8 (${locale || 'no LANG'})`}`;
    if (!utf8) {
      const without = 'if ✓ and → look odd here, nothing else is wrong';
      return { state: 'lacking', says, without, get: 'export LANG=C.UTF-8' };
    }
    if (columns && columns < COMFORTABLE) {
      return { state: 'lacking', says, without: 'lines are broken more often', get: 'make the window wider' };
    }
    return { state: 'works', says };
  },
};
