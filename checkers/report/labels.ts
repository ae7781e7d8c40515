/** What stands in front of a paragraph: one word, of at most nine letters. */
export const labels = {
  cause: 'Cause',
  proof: 'Proof',
  next: 'Next',
  twice: 'Twice',
  did: 'Did',
  expected: 'Expected',
  observed: 'Observed',
  state: 'State',
  hint: 'Hint',
  read: 'Read',
  seed: 'Seed',
  again: 'Again',
  picture: 'Picture',
  note: 'Note',
  reason: 'Reason',
};
