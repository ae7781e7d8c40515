/** The verdict of a soak: a pure function of the measurements. */

import { median } from '../race/figures.ts';

/** The state of the proxy with no client connected. */
export interface QuietPoint {
  second: number;
  memoryKib: number;
  sockets: number;
  descriptors: number;
}

export interface Verdict {
  passed: boolean;
  /** the criterion and the outcome, in words */
  findings: { what: string; passed: boolean; seen: string }[];
}

/** How many non-socket descriptors may be added: for example a pool of pipes. */
const SPARE_DESCRIPTORS = 80;
/** Memory may grow by this factor and this much from the first half of the quiet points to the second. */
const GROWTH = 1.15;
const GROWTH_KIB = 16 * 1024;

export function judge(seen: {
  quiet: QuietPoint[];
  wrong: string[];
  broken: string[];
  strangers: number;
  problem: string | undefined;
}): Verdict {
  const { quiet, wrong, broken, strangers, problem } = seen;
  const findings = [
    finding('the proxy stayed up', problem === undefined, problem ?? 'it did'),
    finding(
      'no byte was lost or crossed',
      wrong.length === 0 && strangers === 0,
      wrong[0] ??
        (strangers > 0
          ? `${strangers} ${strangers === 1 ? 'connection' : 'connections'} began with foreign bytes`
          : 'none'),
    ),
    finding('no connection broke without a reason', broken.length === 0, broken[0] ?? 'none'),
    ...(quiet.length < 2 ? [] : [sockets(quiet), descriptors(quiet), memory(quiet)]),
  ];
  return { passed: findings.every(({ passed }) => passed), findings };
}

function finding(what: string, passed: boolean, seen: string): Verdict['findings'][number] {
  return { what, passed, seen };
}

/** Without clients, the number of sockets is constant: the listening one, and the program's own. */
function sockets(quiet: QuietPoint[]): Verdict['findings'][number] {
  const counts = quiet.map((point) => point.sockets);
  const passed = Math.max(...counts) === Math.min(...counts) && (counts[0] ?? 0) < 50;
  return finding('no socket stayed behind', passed, `sockets in quiet moments: ${list(counts)}`);
}

function descriptors(quiet: QuietPoint[]): Verdict['findings'][number] {
  const counts = quiet.map((point) => point.descriptors);
  const passed = (counts.at(-1) ?? 0) - Math.min(...counts) <= SPARE_DESCRIPTORS;
  return finding('descriptors stayed flat', passed, `descriptors in quiet moments: ${list(counts)}`);
}

function memory(quiet: QuietPoint[]): Verdict['findings'][number] {
  const sizes = quiet.map(({ memoryKib }) => memoryKib);
  // The first phase is the warm-up.
  const half = Math.ceil((sizes.length + 1) / 2);
  const [early, late] = [median(sizes.slice(1, half + 1)), median(sizes.slice(half))];
  const passed = late <= Math.max(early * GROWTH, early + GROWTH_KIB);
  return finding(
    'memory stayed flat',
    passed,
    `MiB in quiet moments: ${list(sizes.map((kib) => Math.round(kib / 1024)))}`,
  );
}

/** All values of a short list; of a long one the first, some in between, and the last. */
function list(numbers: number[]): string {
  if (numbers.length <= 12) return numbers.join(' ');
  const step = (numbers.length - 1) / 11;
  return Array.from({ length: 12 }, (_, index) => numbers[Math.round(index * step)]).join(' ');
}
