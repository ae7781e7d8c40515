/** The rules for each role of a program. Rules about a proxy's two sides make no sense for the other roles. */
import type { Role, Symptom } from '../contract/check.ts';
import { type Rule, shows } from './cause.ts';
import * as accepting from './causes/accepting.ts';
import { flagsForLength, noBytesAskedFor, noRoom } from './causes/arguments.ts';
import { askingRules } from './causes/asking.ts';
import { endingRules, exitRules, uncaught } from './causes/ending.ts';
import { listenerTakenForClient } from './causes/led-astray.ts';
import { lineRules } from './causes/lines.ts';
import * as looping from './causes/looping.ts';
import * as sending from './causes/sending.ts';
import * as serving from './causes/serving.ts';
import { spinsWithoutCall } from './causes/spinning.ts';
import { inputEnded } from './causes/standard-input.ts';
import { startingRules } from './causes/starting.ts';
import { rulesFor } from './rules.ts';

const { closedSocketUsed, eventData, oneShot, edgeTriggered, knockIgnored, listenerClosed } = accepting;
const { abandoned, closedTooEarly, endIgnored, neverAccepts, notWatched } = serving;

/** A server without epoll may wait in any call before its first client: that is no mistake. */
const hangsInLoop: Rule = (facts) => {
  const loops = facts.history.calls.some(({ call }) => call === 'epoll_create1');
  return loops ? looping.blockedReceiving(facts) : undefined;
};

const whenServerStops: Rule[] = [
  inputEnded,
  listenerTakenForClient,
  ...startingRules,
  closedSocketUsed,
  sending.minusOneAdded,
  ...exitRules,
];

const whenNotLetIn: Rule[] = [
  listenerTakenForClient,
  ...startingRules,
  eventData,
  listenerClosed,
  closedSocketUsed,
  hangsInLoop,
  oneShot,
  edgeTriggered,
  noRoom,
  closedTooEarly,
  knockIgnored,
  noBytesAskedFor,
  notWatched,
  neverAccepts,
  endIgnored,
];

const whenAnswersAreWrong: Rule[] = [
  spinsWithoutCall,
  listenerTakenForClient,
  oneShot,
  eventData,
  sending.minusOneAdded,
  sending.sendsForever,
  hangsInLoop,
  ...lineRules,
  ...sending.sendingRules,
  endIgnored,
  noRoom,
  closedTooEarly,
  listenerClosed,
  noBytesAskedFor,
  notWatched,
  edgeTriggered,
  looping.eventIgnored,
  neverAccepts,
  abandoned,
];

const whenClientsLeave: Rule[] = [
  spinsWithoutCall,
  listenerTakenForClient,
  sending.minusOneAdded,
  sending.sendsForever,
  endIgnored,
  abandoned,
  hangsInLoop,
  notWatched,
];
const whenServerIsBusy: Rule[] = [
  spinsWithoutCall,
  looping.neverWaits,
  looping.alwaysWritable,
  endIgnored,
  looping.eventIgnored,
];

const ofServers: Partial<Record<Symptom, Rule[]>> = {
  stopped: whenServerStops,
  'not-listening': whenNotLetIn,
  'client-refused': whenNotLetIn,
  'client-not-accepted': whenNotLetIn,
  'client-dropped': whenNotLetIn,
  'wrong-bytes': whenAnswersAreWrong,
  'extra-bytes': whenAnswersAreWrong,
  'missing-bytes': whenAnswersAreWrong,
  'cut-short': whenAnswersAreWrong,
  'client-not-closed': whenClientsLeave,
  'sockets-left': whenClientsLeave,
  busy: whenServerIsBusy,
};

/** A client may exit, so its exit is the last explanation. */
const ofClients: Rule[] = [
  spinsWithoutCall,
  ...askingRules,
  sending.minusOneAdded,
  sending.sendsForever,
  sending.sendsNothing,
  ...endingRules,
];

/**
 * The program died of an error while the check waited for something else. For a program that was missed, other rules know
 * more of the way to that error.
 */
const diedOfError: Rule = (facts) => {
  if (facts.evidence.exit === undefined || shows(facts, 'stopped')) return undefined;
  return sending.minusOneAdded(facts) ?? uncaught(facts);
};

/** The rules to try, in order. */
export function rulesOf(role: Role, symptom: Symptom): Rule[] {
  if (symptom === 'unreadable') return [];
  if (role === 'client') return [flagsForLength, diedOfError, ...ofClients];
  return [flagsForLength, diedOfError, ...((role === 'server' ? ofServers[symptom] : rulesFor[symptom]) ?? [])];
}
