/** Threads of Node for the programs that a simulated program starts: the only part of the simulator that knows Node. */
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { ChildHost } from '../children.ts';
import type { Answer, Channel, Request, Start } from '../protocol.ts';

/** How long a program may compute between two calls, in ms of real time. */
const PATIENCE_MS = 10_000;

/** Both threads sleep on a counter of the messages that they have been sent. */
const TO_KERNEL = 0;
const TO_PROGRAM = 1;

/** The other side, in the new thread. */
const BEGIN = `
const { receiveMessageOnPort, workerData } = require('node:worker_threads');
const { start, port, counters } = workerData;
let seen = 0;
const exchange = (request) => {
  port.postMessage(request);
  Atomics.add(counters, ${TO_KERNEL}, 1);
  Atomics.notify(counters, ${TO_KERNEL});
  Atomics.wait(counters, ${TO_PROGRAM}, seen);
  seen += 1;
  return receiveMessageOnPort(port).message;
};
module.exports.runRemote(start, exchange);
`;

let bundle: string | undefined;

/** The program's side as one script: a thread of Node reads no TypeScript by itself. */
function script(): string {
  bundle ??= buildSync({
    entryPoints: [fileURLToPath(new URL('../remote-program.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    target: 'node20',
    logLevel: 'silent',
  }).outputFiles[0]?.text;
  return `${bundle}${BEGIN}`;
}

/**
 * Runs each program in a thread of its own.
 *
 * @param patience how long a program may compute between two calls, in ms
 */
export function nodeThreads(patience = PATIENCE_MS): ChildHost & { end(): void } {
  const channels = new Set<Channel>();
  return {
    start(start) {
      const channel = startThread(start, patience);
      channels.add(channel);
      return channel;
    },
    /** Stops the threads whose programs still wait. */
    end() {
      for (const channel of channels) channel.end();
    },
  };
}

function startThread(start: Start, patience: number): Channel {
  const { port1, port2 } = new MessageChannel();
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(script(), {
    eval: true,
    workerData: { start, port: port2, counters },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  let seen = 0;
  const send = (answer: Answer): void => {
    port1.postMessage(answer);
    Atomics.add(counters, TO_PROGRAM, 1);
    Atomics.notify(counters, TO_PROGRAM);
  };
  return {
    exchange(answer) {
      if (answer !== undefined) send(answer);
      if (Atomics.wait(counters, TO_KERNEL, seen, patience) === 'timed-out') {
        const error = `The program made no system call for ${patience / 1000} s.`;
        return { kind: 'end', ending: { kind: 'threw', error } };
      }
      seen += 1;
      return receiveMessageOnPort(port1)?.message as Request;
    },
    end() {
      port1.close();
      void worker.terminate();
    },
  };
}
