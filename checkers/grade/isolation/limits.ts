/** What a submission's program may use up. See setrlimit(2), prlimit(1). */
import { findOnPath } from '../../lab/python.ts';

/** Address space: Node reserves more than a gigabyte of it just to start. */
const MEMORY = 2 * 2 ** 30;
/** CPU time of one process, in seconds; a check has 30. */
const CPU_SECONDS = 60;
const FILE_BYTES = 64 * 2 ** 20;
const OPEN_FILES = 4096;
/** Node needs a dozen threads, and waits for ever where it has eight. */
const PROCESSES = 128;

/** So much may it print in one check. */
export const MOST_PRINTED = 16 * 2 ** 20;

/** The command that sets the limits and then runs what stands behind it. */
export function limited({ processes }: { processes: boolean }): string[] {
  if (findOnPath('prlimit') === undefined) return ['sh', '-c', inShell, 'limited'];
  return [
    'prlimit',
    `--as=${MEMORY}`,
    `--cpu=${CPU_SECONDS}`,
    `--fsize=${FILE_BYTES}`,
    `--nofile=${OPEN_FILES}`,
    '--core=0',
    ...(processes ? [`--nproc=${PROCESSES}`] : []),
    '--',
  ];
}

/** The same in words that every shell knows; a limit that the system does not have is left out. */
const inShell = [
  'ulimit -c 0',
  `ulimit -t ${CPU_SECONDS}`,
  `ulimit -f ${FILE_BYTES / 512}`,
  `ulimit -n ${OPEN_FILES} 2>/dev/null`,
  `ulimit -v ${MEMORY / 1024} 2>/dev/null`,
  'exec "$@"',
].join('; ');
