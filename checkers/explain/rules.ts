/** The rules to try for each symptom, in order. The first that can prove its cause wins. */
import type { Symptom } from '../contract/check.ts';
import type { Rule } from './cause.ts';
import * as accepting from './causes/accepting.ts';
import { noBytesAskedFor, noRoom } from './causes/arguments.ts';
import { backpressureRules, handshakeRules, sendRetriedAtOnce, sleepsInTheLoop } from './causes/backpressure.ts';
import * as closing from './causes/closing.ts';
import { failedSocketUsed, inProgress } from './causes/connecting.ts';
import { edgeRules } from './causes/edges.ts';
import { endingRules, exitRules } from './causes/ending.ts';
import { endAssumed, halfCloseRules, overdueKept, waitsTooLong } from './causes/half-close.ts';
import { acceptedAndKept, attemptKept, handshakeGivenUp } from './causes/handshakes.ts';
import * as leaving from './causes/leaving.ts';
import * as looping from './causes/looping.ts';
import { neverRead } from './causes/never-read.ts';
import { pipeRules, pipesLeftOpen } from './causes/pipes.ts';
import { noRow, relayingRules } from './causes/relaying.ts';
import { sentTwice } from './causes/rest.ts';
import * as sending from './causes/sending.ts';
import { sharingRules } from './causes/sharing.ts';
import { spinsWithoutCall } from './causes/spinning.ts';
import { inputEnded } from './causes/standard-input.ts';
import { startingRules } from './causes/starting.ts';
import { restForStranger } from './causes/strangers.ts';
import * as workers from './causes/workers.ts';

const { closedSocketUsed, oneShot, edgeTriggered, eventData, turnedAway, notAttached, notPolled } = accepting;
const { doubleClose, liveRowRemoved, closedBeforeEnd, badEnding, leftBehind, resetOnClose, rowsKept } = closing;
const { blockedReceiving, blockedSending, neverWaits, alwaysWritable, eventIgnored } = looping;

const whenStopped: Rule[] = [
  inputEnded,
  ...workers.whenEnded,
  leaving.queueThrownAway,
  leaving.leftTooEarly,
  ...startingRules,
  failedSocketUsed,
  closedSocketUsed,
  sending.minusOneAdded,
  doubleClose,
  ...exitRules,
];

const whenNotAccepted: Rule[] = [
  ...sharingRules,
  ...workers.whenNotServed,
  leaving.listenerNotResumed,
  leaving.queueThrownAway,
  leaving.leftTooEarly,
  ...startingRules,
  blockedReceiving,
  ...handshakeRules,
  handshakeGivenUp,
  waitsTooLong,
  noBytesAskedFor,
  ...accepting.acceptingRules,
  closedBeforeEnd,
  badEnding,
  rowsKept,
  leftBehind,
  eventIgnored,
];

const whenBytesAreWrong: Rule[] = [
  spinsWithoutCall,
  ...sharingRules,
  ...workers.whenEnded,
  leaving.leftTooEarly,
  leaving.queueThrownAway,
  ...pipeRules,
  ...halfCloseRules,
  ...edgeRules,
  oneShot,
  eventData,
  liveRowRemoved,
  noRow,
  blockedReceiving,
  inProgress,
  neverWaits,
  sending.minusOneAdded,
  sentTwice,
  ...backpressureRules,
  ...sending.sendingRules,
  ...relayingRules,
  turnedAway,
  resetOnClose,
  noRoom,
  closedBeforeEnd,
  edgeTriggered,
  noBytesAskedFor,
  notAttached,
  notPolled,
  leftBehind,
  eventIgnored,
  badEnding,
  rowsKept,
  blockedSending,
  sleepsInTheLoop,
  neverRead,
  endAssumed,
  restForStranger,
];

const whenOneSideLeaves: Rule[] = [
  spinsWithoutCall,
  ...sharingRules,
  ...workers.whenEnded,
  leaving.leftTooEarly,
  pipesLeftOpen,
  acceptedAndKept,
  attemptKept,
  ...pipeRules,
  ...halfCloseRules,
  overdueKept,
  ...edgeRules,
  sending.minusOneAdded,
  neverWaits,
  ...backpressureRules,
  liveRowRemoved,
  badEnding,
  sending.sendsForever,
  closedBeforeEnd,
  rowsKept,
  blockedReceiving,
  leftBehind,
  eventIgnored,
  blockedSending,
  sleepsInTheLoop,
];

const whenBusy: Rule[] = [
  spinsWithoutCall,
  ...sharingRules,
  leaving.emfileSpin,
  neverWaits,
  ...halfCloseRules,
  sendRetriedAtOnce,
  alwaysWritable,
  badEnding,
  leftBehind,
  eventIgnored,
  sending.sendsForever,
  blockedReceiving,
];

/** The rules to try for a symptom of a proxy, in order. */
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
  'upstream-not-closed': whenOneSideLeaves,
  'client-not-closed': whenOneSideLeaves,
  'sockets-left': whenOneSideLeaves,
  'wrong-ending': [...halfCloseRules, ...whenOneSideLeaves],
  'takes-too-much': [...backpressureRules, ...sending.sendingRules],
  slow: [...backpressureRules, blockedSending, eventIgnored, sleepsInTheLoop],
  busy: whenBusy,
  'keeps-listening': [...workers.whenAskedToEnd, ...leaving.leavingRules],
  'not-ended': [...workers.whenAskedToEnd, ...leaving.leavingRules],
  'too-many-processes': workers.whenTooMany,
  'wrong-exit': [...endingRules, ...leaving.whenEndIsWrong],
  'unevenly-shared': sharingRules,
  'wrong-status': sharingRules,
  'status-miscounts': sharingRules,
  'status-for-others': sharingRules,
  'tried-too-early': sharingRules,
  'not-tried-again': sharingRules,
};
