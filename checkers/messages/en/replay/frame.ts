/** What stands on the page of a replay before its script has run; each takes the place of {{its id}} in page.html. */
export const frame = {
  language: 'en',
  skip: 'Skip to the steps',
  noScript: 'This page draws its pictures with a script, and scripts are switched off here.',
  checks: 'Checks',
  verdict: 'Verdict',
  atThisStep: 'What happens at this step',
  moveThrough: 'Move through the steps',
  lineInProgram: 'The line in the program',
  inDetail: 'This step in detail',
  around: 'Steps around it',
  keys: 'Arrow keys: one step. Home and End: first and last. Space: play and pause. Calls and addresses: what the program itself wrote down; verdict and bytes at both ends: what the checker saw from outside.',
};
