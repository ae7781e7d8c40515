/** The frame of the site around its pages, and the picture that moves. */

/** Around a word of the search: what its keys do, and where nothing was found. */
const search = {
  button: 'Search',
  details: 'Show more of each place',
  clear: 'Empty the field',
  back: 'Back',
  nothing: 'Nothing found for',
  choose: 'to go there',
  move: 'to move',
  close: 'to close',
  keys: { enter: 'Enter', up: 'Arrow up', down: 'Arrow down', escape: 'Escape' },
};

/** A page that is not there. */
const notFound = {
  title: 'No such page',
  says: 'The address has a mistake in it, or the page was renamed.',
  home: 'To the first page',
};

/** A and B: one speaks at another speed than the other writes down. */
const twoSpeeds = {
  name: 'A sends to B at another speed than B reads: try it',
  sends: (words: number) => `A sends ${words} words a minute`,
  reads: (words: number) => `B reads ${words} words a minute`,
  sendBuffer: (words: number, room: number) => `send buffer: ${words} of ${room}`,
  receiveBuffer: (words: number, room: number) => `receive buffer: ${words} of ${room}`,
  play: 'Play',
  pause: 'Pause',
  oneMinute: 'One minute',
  fromTheBeginning: 'From the beginning',
  nothingYet: 'Nothing has been said yet.',
  someLeft: (minute: number, offered: number, taken: number, left: number) =>
    `Minute ${minute}: A offered ${offered} words, and send returned ${taken}. ${left} ${left === 1 ? 'word is' : 'words are'} still A’s, and A offers ${left === 1 ? 'it' : 'them'} again first.`,
  allTaken: (minute: number, offered: number, taken: number) =>
    `Minute ${minute}: A offered ${offered} words, and send returned ${taken}. The buffers have taken all of them.`,
};

export const site = {
  title: 'TCP Proxy Workshop',
  description: 'Build a TCP proxy on the real system calls of Linux, and see why what fails fails.',
  folderWithFiles: 'A folder of the repository, with these files:',
  fileAsItWas: (name: string) => `The file ${name}, as it was when this site was built:`,
  start: 'Start',
  stages: 'Stages',
  background: 'Background',
  lookUp: 'Look up',
  forInstructors: 'For instructors',
  more: 'More',
  onThisPage: 'On this page',
  previous: 'Previous',
  next: 'Next',
  menu: 'Menu',
  languages: 'Change language',
  toTheTop: 'Return to top',
  skipToContent: 'Skip to content',
  appearance: 'Appearance',
  toLight: 'Switch to light colours',
  toDark: 'Switch to dark colours',
  copyCode: 'Copy code',
  search,
  notFound,
  twoSpeeds,
};
