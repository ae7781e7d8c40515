/** Causes of wrong answers on the status port. */

import type { TraceRecord } from '../../contract/trace-record.ts';
import { attempts, curious, openAt } from '../attempts.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told } from '../history.ts';

const statusNotClosed: Rule = (facts) => {
  if (!shows(facts, 'wrong-status')) return undefined;
  const open = curious(facts).find(({ closed }) => closed === undefined);
  const last = open?.calls.at(-1) ?? open?.opened;
  if (open === undefined || last === undefined) return undefined;
  return {
    id: 'status-not-closed',
    text: `the socket (${open.fd}) of a client of the status port was not closed, so it waits for more`,
    proof: [told(last), `no close(${open.fd}) followed`],
    call: last,
    functions: ['answerStatus'],
  };
};

const statusMalformed: Rule = (facts) => {
  if (!shows(facts, 'wrong-status')) return undefined;
  const one = curious(facts).at(-1);
  const send = one?.calls.find(({ call }) => call === 'send');
  if (one?.closed === undefined) return undefined;
  return {
    id: send === undefined ? 'status-not-sent' : 'status-malformed',
    text:
      send === undefined
        ? 'a client of the status port was closed without an answer'
        : 'the status was sent and its socket closed, but it is not a line in the form that the lesson shows',
    proof: [told(send ?? one.closed)],
    call: send ?? one.closed,
    functions: send === undefined ? ['answerStatus'] : ['statusLine', 'answerStatus'],
  };
};

const statusMiscounted: Rule = (facts) => {
  const all = attempts(facts.history);
  const last = facts.history.calls.at(-1);
  if (!shows(facts, 'status-miscounts') || last === undefined || all.length === 0) return undefined;
  const counted = (facts.evidence.ports.upstreams ?? []).map((port) => {
    const own = all.filter((one) => one.port === port);
    const failed = own.filter((one) => one.failed !== undefined).length;
    return `${port} open=${openAt(all, port, last)} total=${own.length - failed} failed=${failed}`;
  });
  return {
    id: 'status-miscounted',
    text: 'the line has the right form, but its numbers are not those of the upstreams',
    proof: [`by your system calls it is ${counted.join('; ')}`],
    functions: ['statusLine', 'countIn', 'countOut', 'markDown'],
  };
};

const statusForOthers: Rule = (facts) => {
  if (!shows(facts, 'status-for-others')) return undefined;
  const { history, evidence } = facts;
  const isIt = ({ call, args }: TraceRecord): boolean => call === 'bind' && Number(args.port) === evidence.ports.status;
  const bind = history.calls.find(isIt);
  if (bind === undefined || bind.args.address === '127.0.0.1') return undefined;
  return {
    id: 'status-for-others',
    text: 'the status port is not on 127.0.0.1 alone, so other machines can ask, too',
    proof: [told(bind)],
    call: bind,
    functions: ['main'],
  };
};

/** The status: its contents, its form, and which machines can read it. */
export const statusRules: Rule[] = [statusNotClosed, statusMalformed, statusMiscounted, statusForOthers];

export const phrases: Phrases = {
  'status-for-others': 'tell[s] other machines how the upstreams are',
  'status-malformed': 'write[s] a status line of another form',
  'status-miscounted': 'count[s] connections of upstreams wrongly',
  'status-not-closed': 'leave[s] the status connection open',
  'status-not-sent': 'send[s] no status line',
};
