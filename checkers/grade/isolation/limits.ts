/** What a submission's program may use up. See setrlimit(2), prlimit(1). */
import { findOnPath } from '../../lab/python.ts';

/** Address space: Node reserves more than a gigabyte of it just to start. */
const MEMORY = 2 * 2 ** 30;
/** CPU time of one process, in seconds; a check has 30. */
const CPU_SECONDS = 60;
const FILE_BYTES = 64 * 2 ** 20;
const OPEN_FILES = 4096;
/**
 * Processes and threads. Node needs a dozen, and waits for ever where it has eight; a program that starts two for each of
 * fifty clients is a right one, and so is a machine of another language's around them.
 */
const PROCESSES = 192;
/** Of a user who runs the programs of several checks at a time. */
const PROCESSES_OF_USER = 1024;

/** So much may it print in one check. */
export const MOST_PRINTED = 16 * 2 ** 20;

/** A check may have set a lower limit, which must not be lifted, and could not be by everybody. */
const fewerFiles = `n=$(ulimit -Hn); if [ "$n" = unlimited ] || [ "$n" -gt ${OPEN_FILES} ]; then ulimit -n ${OPEN_FILES}; fi`;

/**
 * The command that sets the limits and then runs what stands behind it.
 *
 * @param processes whose are counted: the program's, all of its user's, or nobody's, where it has no user to itself
 */
export function limited({ processes }: { processes: 'program' | 'user' | null }): string[] {
  if (findOnPath('prlimit') === undefined) return ['sh', '-c', inShell, 'limited'];
  return [
    'prlimit',
    `--as=${MEMORY}`,
    `--cpu=${CPU_SECONDS}`,
    `--fsize=${FILE_BYTES}`,
    '--core=0',
    ...(processes === null ? [] : [`--nproc=${processes === 'user' ? PROCESSES_OF_USER : PROCESSES}`]),
    '--',
    ...['sh', '-c', `${fewerFiles}; exec "$@"`, 'limited'],
  ];
}

/** The same in words that every shell knows; a limit that the system does not have is left out. */
const inShell = [
  'ulimit -c 0',
  `ulimit -t ${CPU_SECONDS}`,
  `ulimit -f ${FILE_BYTES / 512}`,
  fewerFiles,
  `ulimit -v ${MEMORY / 1024} 2>/dev/null`,
  'exec "$@"',
].join('; ');
