/** A speaks, B writes down, and two buffers lie between them: what happens, minute by minute. */

/** Words that fit into each of the two buffers. */
export const ROOM = 60;
/** Words flow all the time; a minute is looked at in so many parts. */
const PARTS = 60;

export interface Speeds {
  /** words a minute that A offers */
  a: number;
  /** words a minute that B reads */
  b: number;
}

export interface Minute {
  number: number;
  /** words that A offered to send() in this minute */
  offered: number;
  /** of these, what send() took: the number that it returned */
  taken: number;
  /** of these, what was not taken, and is offered again */
  left: number;
  /** words in A's send buffer and in B's receive buffer, at the end of this minute */
  sending: number;
  receiving: number;
  /** words that B read in this minute */
  read: number;
}

/** Before the first word. */
export const START: Minute = { number: 0, offered: 0, taken: 0, left: 0, sending: 0, receiving: 0, read: 0 };

/** The minute after this one. */
export function nextMinute(before: Minute, { a, b }: Speeds): Minute {
  let { sending, receiving } = before;
  let [taken, read] = [0, 0];
  for (let part = 0; part < PARTS; part += 1) {
    const got = Math.min(receiving, b / PARTS);
    read += got;
    const carried = Math.min(sending, ROOM - receiving + got);
    receiving += carried - got;
    const accepted = Math.min(a / PARTS, ROOM - sending + carried);
    taken += accepted;
    sending += accepted - carried;
  }
  const whole = Math.round(taken);
  return {
    number: before.number + 1,
    offered: a,
    taken: whole,
    left: a - whole,
    sending,
    receiving,
    read: Math.round(read),
  };
}

/** What is to be said about a minute. */
export function sentence({ number, offered, taken, left }: Minute): string {
  if (number === 0) return 'Nothing has been said yet.';
  const returned = `Minute ${number}: A offered ${offered} words, and send returned ${taken}.`;
  if (left === 0) return `${returned} The buffers have taken all of them.`;
  const [words, them] = left === 1 ? ['word is', 'it'] : ['words are', 'them'];
  return `${returned} ${left} ${words} still A’s, and A offers ${them} again first.`;
}
