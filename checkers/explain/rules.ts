/** Which rules are asked, and in which order, for each way in which a check can fail. The first that can prove its cause wins. */
import type { Symptom } from '../check.ts';
import type { Rule } from './cause.ts';
import * as accepting from './causes/accepting.ts';
import * as closing from './causes/closing.ts';
import { exitRules } from './causes/ending.ts';
import * as looping from './causes/looping.ts';
import { noRow, relayingRules } from './causes/relaying.ts';
import * as sending from './causes/sending.ts';
import { startingRules } from './causes/starting.ts';

const { failedSocketUsed, closedSocketUsed, oneShot, edgeTriggered, eventData, turnedAway, notAttached } = accepting;
const { doubleClose, liveRowRemoved, closedBeforeEnd, badEnding, rowsKept } = closing;
const { blockedReceiving, blockedSending, neverWaits, alwaysWritable, eventIgnored } = looping;

const whenStopped: Rule[] = [
  ...startingRules,
  failedSocketUsed,
  closedSocketUsed,
  sending.minusOneAdded,
  doubleClose,
  ...exitRules,
];

const whenNotAccepted: Rule[] = [
  ...startingRules,
  blockedReceiving,
  ...accepting.acceptingRules,
  closedBeforeEnd,
  eventIgnored,
];

const whenBytesAreWrong: Rule[] = [
  oneShot,
  eventData,
  liveRowRemoved,
  noRow,
  blockedReceiving,
  ...sending.sendingRules,
  ...relayingRules,
  turnedAway,
  closedBeforeEnd,
  edgeTriggered,
  notAttached,
  eventIgnored,
  badEnding,
  rowsKept,
  blockedSending,
];

const whenSomebodyLeaves: Rule[] = [
  sending.minusOneAdded,
  liveRowRemoved,
  badEnding,
  sending.sendsForever,
  closedBeforeEnd,
  rowsKept,
  blockedReceiving,
  eventIgnored,
  blockedSending,
];

const whenBusy: Rule[] = [neverWaits, alwaysWritable, badEnding, eventIgnored, sending.sendsForever, blockedReceiving];

/** The rules to ask for a symptom of a proxy, in order. */
export const rulesFor: Partial<Record<Symptom, Rule[]>> = {
  unreadable: [],
  stopped: whenStopped,
  'not-listening': whenNotAccepted,
  'client-refused': whenNotAccepted,
  'client-dropped': whenNotAccepted,
  'client-kept': whenNotAccepted,
  'no-upstream-connection': whenNotAccepted,
  'too-few-upstream-connections': whenNotAccepted,
  'too-many-upstream-connections': whenNotAccepted,
  'wrong-bytes': whenBytesAreWrong,
  'extra-bytes': whenBytesAreWrong,
  'missing-bytes': whenBytesAreWrong,
  'cut-short': whenBytesAreWrong,
  crossed: whenBytesAreWrong,
  'wrong-connection': whenBytesAreWrong,
  'upstream-not-closed': whenSomebodyLeaves,
  'client-not-closed': whenSomebodyLeaves,
  'sockets-left': whenSomebodyLeaves,
  'reads-for-nobody': whenSomebodyLeaves,
  busy: whenBusy,
};
