/** Phrases for causes of several programs: '14 of 60 never remove the row'. */
import { phrases as ofCauses } from '../../explain/phrases.ts';

/** Those, and what only the grader does. */
const phrases: Record<string, string> = {
  ...ofCauses,
  'too-much-memory': '[were|was] ended for holding more memory than the grader allows',
};

/** These ids contain the call. */
const BLOCKED = 'blocked-in-';

/** '14 of 60 never remove the row of a pair that has ended'; undefined for an id without a phrase. */
export function causeInWords(id: string, count: number, of: number): string | undefined {
  const phrase = id.startsWith(BLOCKED)
    ? `block[s] in ${id.slice(BLOCKED.length)}() while all else waits`
    : phrases[id];
  return phrase === undefined ? undefined : `${count} of ${of} ${inNumber(phrase, count)}`;
}

/** '3 of 60 fail “Title” for a reason that was not found' */
export function unnamedInWords(title: string, count: number, of: number): string {
  return `${count} of ${of} ${count === 1 ? 'fails' : 'fail'} “${title}” for an unknown reason`;
}

/** The ids of causes that explanations give. */
export const namedCauses = Object.keys(ofCauses);

/** 'tr[y|ies]' becomes 'try' or 'tries', 'leave[s]' becomes 'leave' or 'leaves'. */
function inNumber(phrase: string, count: number): string {
  return phrase.replace(/\[(?:([^|\]]*)\|)?([^\]]*)\]/g, (_, several = '', one = '') => (count === 1 ? one : several));
}
