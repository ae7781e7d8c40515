/** The one list of stages and milestones. A new stage is a folder each in stages, solutions, checkers and docs, and a row here. */
import { join } from 'node:path';
import { serverChecks } from '../checks/1.1/index.ts';
import { lineChecks } from '../checks/1.2/index.ts';
import { connectChecks } from '../checks/2.1/index.ts';
import { talkChecks } from '../checks/2.2/index.ts';
import { loopChecks } from '../checks/3.1/index.ts';
import { manyClientsChecks } from '../checks/3.2/index.ts';
import { acceptChecks } from '../checks/4.1/index.ts';
import { relayChecks } from '../checks/4.2/index.ts';
import { nonBlockingChecks } from '../checks/5.1/index.ts';
import { backpressureChecks } from '../checks/5.2/index.ts';
import { halfCloseChecks } from '../checks/6.1/index.ts';
import { resetChecks } from '../checks/6.2/index.ts';
import { CROWD } from '../checks/7.1/crowd.ts';
import { crowdChecks } from '../checks/7.1/index.ts';
import { leavingChecks } from '../checks/7.2/index.ts';
import { sharingChecks } from '../checks/8.1/index.ts';
import { passingOverChecks } from '../checks/8.2/index.ts';
import { CROWD as SMALLER_CROWD } from '../checks/9.1/before.ts';
import { edgeChecks } from '../checks/9.1/index.ts';
import { pipeChecks } from '../checks/9.2/index.ts';
import { workerChecks } from '../checks/9.3/index.ts';
import type { Role } from '../contract/check.ts';
import type { Check } from '../harness/check.ts';
import { root } from '../root.ts';

/** One goal within a stage. */
export interface Milestone {
  /** stage and milestone: '4.1' */
  id: string;
  title: string;
  /** rough estimate of the time that a new learner needs */
  minutes: number;
  /** default points of all its checks together in grading; a stage has 100 */
  points: number;
  /** in the order of the lesson; the report numbers them from 1 */
  checks: Check[];
  /** id of the check that shows most of how the program works inside, for what is worth a look once all have passed */
  look?: string;
}

/** One lesson of the course. */
export interface Stage {
  number: number;
  title: string;
  /** what the program is */
  role: Role;
  /** how many upstreams the program has, and reports the status of; undefined: one, and no status */
  upstreams?: number;
  /** how many clients its checks have at a time, if there are so many that a program may need higher limits */
  crowd?: number;
  /** folder below stages/ and solutions/ */
  folder: string;
  /** the file that the learner edits */
  file: string;
  /** number of the stage whose program this skeleton extends; undefined: a new program */
  grewFrom?: number;
  /** the lesson, from the repository's root */
  doc: string;
  milestones: Milestone[];
  /** the TODO of each function, for reports to point at */
  todos: Record<string, string>;
  /** sections of the lesson that are not named after their one function */
  sections?: Record<string, string>;
}

export const course: Stage[] = [
  {
    number: 1,
    title: 'TCP server',
    role: 'server',
    folder: 'stage-1-tcp-server',
    file: 'server.ts',
    doc: 'docs/stage-1-tcp-server.md',
    milestones: [
      { id: '1.1', title: 'let clients in, and let them go', minutes: 30, points: 40, checks: serverChecks },
      { id: '1.2', title: 'answer their lines', minutes: 45, points: 60, checks: lineChecks },
    ],
    todos: {
      createServer: '1.1.1',
      acceptConnection: '1.1.2',
      handleClient: '1.1.3',
      answerLines: '1.2.1',
      reverseLine: '1.2.2',
      sendAll: '1.2.3',
    },
  },
  {
    number: 2,
    title: 'TCP client',
    role: 'client',
    folder: 'stage-2-tcp-client',
    file: 'client.ts',
    doc: 'docs/stage-2-tcp-client.md',
    milestones: [
      { id: '2.1', title: 'connect, and read the input', minutes: 30, points: 40, checks: connectChecks },
      { id: '2.2', title: 'ask, and print the answers', minutes: 45, points: 60, checks: talkChecks },
    ],
    todos: {
      connectServer: '2.1.1',
      readLine: '2.1.2',
      sendAll: '2.2.1',
      receiveAnswer: '2.2.2',
      printAnswer: '2.2.3',
    },
  },
  {
    number: 3,
    title: 'many clients with epoll',
    role: 'server',
    folder: 'stage-3-epoll',
    file: 'server.ts',
    grewFrom: 1,
    doc: 'docs/stage-3-epoll.md',
    milestones: [
      { id: '3.1', title: 'one loop, and all clients in it', minutes: 45, points: 40, checks: loopChecks },
      { id: '3.2', title: 'answer them all', minutes: 60, points: 60, checks: manyClientsChecks },
    ],
    todos: {
      createLoop: '3.1.1',
      loopAttach: '3.1.2',
      loopRun: '3.1.3',
      acceptConnection: '3.1.4',
      handleClient: '3.2.1',
      closeClient: '3.2.2',
    },
  },
  {
    number: 4,
    title: 'TCP proxy',
    role: 'proxy',
    folder: 'stage-4-tcp-proxy',
    file: 'proxy.ts',
    grewFrom: 3,
    doc: 'docs/stage-4-tcp-proxy.md',
    milestones: [
      { id: '4.1', title: 'accept clients, connect upstream', minutes: 60, points: 40, checks: acceptChecks },
      {
        id: '4.2',
        title: 'relay both ways',
        minutes: 120,
        points: 60,
        checks: relayChecks,
        look: 'client-resets',
      },
    ],
    todos: {
      createServer: '4.1.1',
      createLoop: '4.1.2',
      loopAttach: '4.1.3',
      loopRun: '4.1.4',
      acceptConnection: '4.1.5',
      connectUpstream: '4.1.6',
      isConnSock: '4.2.1',
      isUpstreamSock: '4.2.2',
      findMatchingUpstream: '4.2.3',
      findMatchingConn: '4.2.4',
      sendAll: '4.2.5',
      handleClient: '4.2.6',
      handleUpstream: '4.2.7',
      closePair: '4.2.8',
    },
    sections: {
      isConnSock: 'isconnsock-and-isupstreamsock',
      isUpstreamSock: 'isconnsock-and-isupstreamsock',
      findMatchingUpstream: 'findmatchingupstream-and-findmatchingconn',
      findMatchingConn: 'findmatchingupstream-and-findmatchingconn',
    },
  },
  {
    number: 5,
    title: 'non-blocking and backpressure',
    role: 'proxy',
    folder: 'stage-5-non-blocking',
    file: 'proxy.ts',
    grewFrom: 4,
    doc: 'docs/stage-5-non-blocking.md',
    milestones: [
      { id: '5.1', title: 'never block on one client', minutes: 60, points: 50, checks: nonBlockingChecks },
      { id: '5.2', title: 'let the fast wait for the slow', minutes: 60, points: 50, checks: backpressureChecks },
    ],
    todos: {
      createSocket: '5.1.1',
      acceptConnection: '5.1.2',
      connectUpstream: '5.1.3',
      finishConnect: '5.1.4',
      sendSome: '5.1.5',
      relay: '5.1.6',
      keepRest: '5.2.1',
      wantedEvents: '5.2.2',
      flush: '5.2.3',
    },
  },
  {
    number: 6,
    title: 'closing well',
    role: 'proxy',
    folder: 'stage-6-closing-well',
    file: 'proxy.ts',
    grewFrom: 5,
    doc: 'docs/stage-6-closing-well.md',
    milestones: [
      {
        id: '6.1',
        title: 'one direction at a time, and not for ever',
        minutes: 60,
        points: 50,
        checks: halfCloseChecks,
      },
      { id: '6.2', title: 'a reset is not an end', minutes: 45, points: 50, checks: resetChecks },
    ],
    todos: {
      untilDeadline: '6.1.1',
      closeOverdue: '6.1.2',
      relay: '6.1.3',
      endStream: '6.1.4',
      wantedEvents: '6.1.5',
      handleEvents: '6.1.6',
      loopDetach: '6.2.1',
      resetPair: '6.2.2',
    },
  },
  {
    number: 7,
    title: 'crowds',
    role: 'proxy',
    crowd: CROWD,
    folder: 'stage-7-crowds',
    file: 'proxy.ts',
    grewFrom: 6,
    doc: 'docs/stage-7-crowds.md',
    milestones: [
      { id: '7.1', title: 'let a crowd in', minutes: 60, points: 40, checks: crowdChecks },
      { id: '7.2', title: 'run out, and leave well', minutes: 90, points: 60, checks: leavingChecks },
    ],
    todos: {
      acceptConnections: '7.1.1',
      linkClient: '7.1.2',
      isConnSock: '7.1.3',
      isUpstreamSock: '7.1.4',
      findMatchingUpstream: '7.1.5',
      findMatchingConn: '7.1.6',
      closePair: '7.1.7',
      acceptFailed: '7.2.1',
      pauseListening: '7.2.2',
      resumeListening: '7.2.3',
      handleSignals: '7.2.4',
      startDraining: '7.2.5',
      closeListener: '7.2.6',
    },
    sections: {
      linkClient: 'linkclient-and-closepair',
      closePair: 'linkclient-and-closepair',
      isConnSock: 'the-four-look-ups',
      isUpstreamSock: 'the-four-look-ups',
      findMatchingUpstream: 'the-four-look-ups',
      findMatchingConn: 'the-four-look-ups',
      pauseListening: 'pauselistening-and-resumelistening',
      resumeListening: 'pauselistening-and-resumelistening',
      startDraining: 'startdraining-and-closelistener',
      closeListener: 'startdraining-and-closelistener',
    },
  },
  {
    number: 8,
    title: 'several upstreams',
    role: 'proxy',
    upstreams: 3,
    folder: 'stage-8-upstreams',
    file: 'proxy.ts',
    grewFrom: 7,
    doc: 'docs/stage-8-upstreams.md',
    milestones: [
      { id: '8.1', title: 'share the work', minutes: 60, points: 40, checks: sharingChecks },
      { id: '8.2', title: 'pass over the dead', minutes: 90, points: 60, checks: passingOverChecks },
    ],
    todos: {
      nextInTurn: '8.1.1',
      withFewest: '8.1.2',
      countIn: '8.1.3',
      countOut: '8.1.4',
      answerStatus: '8.1.5',
      statusLine: '8.1.6',
      worthATry: '8.2.1',
      markDown: '8.2.2',
      markUp: '8.2.3',
      handOn: '8.2.4',
    },
    sections: {
      countIn: 'countin-and-countout',
      countOut: 'countin-and-countout',
      answerStatus: 'answerstatus-and-statusline',
      statusLine: 'answerstatus-and-statusline',
      markDown: 'markdown-and-markup',
      markUp: 'markdown-and-markup',
    },
  },
  {
    number: 9,
    title: 'fast',
    role: 'proxy',
    crowd: SMALLER_CROWD,
    upstreams: 1,
    folder: 'stage-9-fast',
    file: 'proxy.ts',
    grewFrom: 8,
    doc: 'docs/stage-9-fast.md',
    milestones: [
      { id: '9.1', title: 'hear of each change once', minutes: 90, points: 40, checks: edgeChecks },
      { id: '9.2', title: 'bytes that never come in', minutes: 60, points: 30, checks: pipeChecks },
      { id: '9.3', title: 'several processes, one port', minutes: 60, points: 30, checks: workerChecks },
    ],
    todos: {
      watch: '9.1.1',
      finishConnect: '9.1.2',
      relay: '9.1.3',
      interrupt: '9.1.4',
      goOn: '9.1.5',
      moveBytes: '9.1.6',
      muchComes: '9.1.7',
      handleClient: '9.1.8',
      handleEvents: '9.1.9',
      takePipe: '9.2.1',
      createPipe: '9.2.2',
      movePages: '9.2.3',
      emptyPipe: '9.2.4',
      givePipeBack: '9.2.5',
      startWorker: '9.3.1',
      sharePort: '9.3.2',
      tellWorkers: '9.3.3',
      workerEnded: '9.3.4',
      leaderEnded: '9.3.5',
    },
    sections: {
      interrupt: 'interrupt-and-goon',
      goOn: 'interrupt-and-goon',
      startWorker: 'startworkers',
    },
  },
];

/** The default stage, for a learner who has not chosen one. */
export const FIRST_STAGE = 4;

/** The stage with this number. */
export function findStage(number: number): Stage | undefined {
  return course.find((stage) => stage.number === number);
}

/** The stage that a milestone belongs to. */
export function stageOf(milestone: Milestone): Stage {
  const stage = course.find((candidate) => candidate.milestones.includes(milestone));
  if (stage === undefined) throw new Error(`milestone ${milestone.id} belongs to no stage`);
  return stage;
}

/** Absolute path of a stage's program: the learner's, or ours. */
export function programPath(stage: Stage, whose: 'stages' | 'solutions'): string {
  return join(root, whose, stage.folder, stage.file);
}

/** The stage whose program this skeleton extends; undefined for a new program. */
export function origin({ grewFrom }: Stage): Stage | undefined {
  return grewFrom === undefined ? undefined : findStage(grewFrom);
}

/** The milestone that comes after this one, in its stage or the next. */
export function nextMilestone(milestone: Milestone): Milestone | undefined {
  const all = course.flatMap((stage) => stage.milestones);
  return all[all.indexOf(milestone) + 1];
}
