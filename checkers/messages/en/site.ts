/** The frame of the site around its pages. */
export const site = {
  start: 'Start',
  stages: 'Stages',
  background: 'Background',
  lookUp: 'Look up',
  forInstructors: 'For instructors',
  more: 'More',
  onThisPage: 'On this page',
  previous: 'Previous',
  next: 'Next',
};
