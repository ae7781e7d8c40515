/** Resource limits of a submission's program. See setrlimit(2), prlimit(1). */
import { findStage } from '../../course/course.ts';
import { findOnPath } from '../../harness/python.ts';
import type { WorkerOrder } from '../contract/order.ts';

/** Address space: Node reserves more than a gigabyte of it just to start, and has no need of more. */
const MEMORY = 2 * 2 ** 30;
/**
 * Other languages reserve what they never use: a stack of eight megabytes for each thread, or a heap of a quarter of a
 * terabyte. What they do use is looked at by the worker, where it can tell whose a process is.
 */
const MEMORY_OF_OTHERS = 2 ** 42;
/** CPU time of one process, in seconds; a check has 30. */
const CPU_SECONDS = 60;
const FILE_BYTES = 64 * 2 ** 20;
const OPEN_FILES = 4096;
/**
 * Processes and threads. Node needs a dozen, and waits for ever where it has eight; a program that starts two for each of
 * fifty clients is a right one, and so is a machine of another language's around them.
 */
const PROCESSES = 192;
/** In addition to those per client. */
const OTHER_PROCESSES = 1024;
/** One per direction, and one that supervises them. */
const PROCESSES_EACH = 3;
/** Several checks may run at a time, and a user's processes are counted together. */
const PROGRAMS_OF_USER = 5;

/** Maximum output in one check, in bytes. */
export const MAX_PRINTED = 16 * 2 ** 20;

/** A check may have set a lower limit, which must not be raised; only root could raise it. */
const fewerFiles = `n=$(ulimit -Hn); if [ "$n" = unlimited ] || [ "$n" -gt ${OPEN_FILES} ]; then ulimit -n ${OPEN_FILES}; fi`;

/** What its limits depend on. */
export type Limited = Pick<WorkerOrder, 'isolation' | 'program' | 'stage'>;

/** What a program is limited to. */
export interface Limits {
  /** how many processes and threads; null: no limit, where it has no user to itself and others' would count */
  processes: number | null;
  /** address space, in bytes */
  memory: number;
}

/** The limits of our own helpers that read what was handed in. */
export const USUAL: Limits = { processes: null, memory: MEMORY };

/**
 * The limits of a submission's program. In another language it may have processes for each client, as long as the checks
 * have so many: with a thread for each it is as right as the lesson's.
 */
export function limitsOf({ isolation, program, stage }: Limited): Limits {
  const shared = isolation === 'bubblewrap' || isolation === 'unshare';
  const memory = program.kind === 'command' && shared ? MEMORY_OF_OTHERS : MEMORY;
  if (isolation === 'process-group') return { processes: null, memory };
  const crowd = findStage(stage)?.crowd;
  const mine = program.kind === 'command' && crowd !== undefined ? PROCESSES_EACH * crowd + OTHER_PROCESSES : PROCESSES;
  return { processes: isolation === 'user' ? PROGRAMS_OF_USER * mine : mine, memory };
}

/**
 * The command that sets the limits and then runs what stands behind it.
 */
export function limited({ processes, memory }: Limits): string[] {
  if (findOnPath('prlimit') === undefined) return ['sh', '-c', inShell(memory), 'limited'];
  return [
    'prlimit',
    `--as=${memory}`,
    `--cpu=${CPU_SECONDS}`,
    `--fsize=${FILE_BYTES}`,
    '--core=0',
    ...(processes === null ? [] : [`--nproc=${processes}`]),
    '--',
    ...['sh', '-c', `${fewerFiles}; exec "$@"`, 'limited'],
  ];
}

/** The same with the shell's ulimit; limits that the system lacks are left out. */
const inShell = (memory: number): string =>
  [
    'ulimit -c 0',
    `ulimit -t ${CPU_SECONDS}`,
    `ulimit -f ${FILE_BYTES / 512}`,
    fewerFiles,
    `ulimit -v ${memory / 1024} 2>/dev/null`,
    'exec "$@"',
  ].join('; ');
