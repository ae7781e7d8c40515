/**
 * How fast the simulated kernel is: `npx tsx linux/simulated/shell/speed.ts [seconds]`. The proxy of stage 4 serves five clients
 * and an upstream that echoes, in another order each time; then one client moves megabytes.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientOf, echoUpstream } from '../actors.ts';
import { Kernel } from '../kernel.ts';
import { runProgram } from '../program.ts';
import { bundleProgram } from './bundle.ts';

const SECONDS = 3;
const CLIENTS = 5;
const EXCHANGES = 4;
const MEBIBYTE = 1024 * 1024;
/** Messages of one mebibyte: what fits into the buffers on the path, since the client sends all of one before it reads. */
const LARGE = 16;
const [PORT, UPSTREAM_PORT] = [8080, 3000];
const PROXY = new URL('../../../solutions/stage-4-tcp-proxy/proxy.ts', import.meta.url);

/** What one schedule came to. */
export interface Schedule {
  /** messages that came back */
  answers: number;
  /** calls that the program made */
  calls: number;
}

/** Runs the proxy once: each client sends its messages, and gets them back. */
export function runSchedule(code: string, seed: number, clients: number, messages: Uint8Array[]): Schedule {
  const kernel = new Kernel(seed);
  const program = kernel.newProcess('proxy');
  let answers = 0;
  kernel.spawn('upstream', echoUpstream(kernel, UPSTREAM_PORT));
  for (let number = 1; number <= clients; number += 1) {
    const came = (answer: Uint8Array | undefined): void => {
      answers += answer === undefined ? 0 : 1;
      if (answers === clients * messages.length) kernel.scheduler.post('end', 1, () => program.signal('SIGTERM'));
    };
    const client = clientOf(kernel, `client ${number}`, PORT, messages, came);
    kernel.scheduler.post('client', 1, () => kernel.spawn(`client ${number}`, client));
  }
  runProgram(kernel, program, code, { env: { PORT: String(PORT), UPSTREAM_PORT: String(UPSTREAM_PORT) } });
  return { answers, calls: program.calls };
}

/** What this process has used of the processors, in seconds: other programs on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

/** Runs schedules for some seconds; how many, and what they came to. */
function measure(seconds: number, run: (seed: number) => Schedule): Schedule & { schedules: number; seconds: number } {
  const sum = { schedules: 0, answers: 0, calls: 0, seconds: 0 };
  const began = processorTime();
  while (sum.seconds < seconds) {
    const { answers, calls } = run(sum.schedules);
    sum.answers += answers;
    sum.calls += calls;
    sum.schedules += 1;
    sum.seconds = processorTime() - began;
  }
  return sum;
}

function main(seconds: number): void {
  const code = bundleProgram(fileURLToPath(PROXY));
  const small = Array.from({ length: EXCHANGES }, (_, index) => new Uint8Array(600).fill(index));
  const large = Array.from({ length: LARGE }, () => new Uint8Array(MEBIBYTE));
  measure(seconds / 3, (seed) => runSchedule(code, seed, CLIENTS, small));
  const many = measure(seconds, (seed) => runSchedule(code, seed, CLIENTS, small));
  const bulk = measure(seconds, () => runSchedule(code, 0, 1, large));
  const per = (amount: number, of: { seconds: number }) => Math.round(amount / of.seconds).toLocaleString('en');
  const lines = [
    `${per(many.schedules, many)} schedules a second of processor time: ${CLIENTS} clients, ${EXCHANGES} exchanges each`,
    `${per(many.answers, many)} exchanges and ${per(many.calls, many)} calls of the proxy a second`,
    `${per(2 * bulk.answers, bulk)} MiB a second through the proxy, there and back`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  main(Number(process.argv[2] ?? SECONDS));
