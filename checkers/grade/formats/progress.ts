/** The progress of a batch, in one line of a terminal. */

/** Times are milliseconds, as from performance.now(): the system clock may be set meanwhile. */
export interface Progress {
  done: number;
  total: number;
  /** being graded right now */
  running: number;
  startedAt: number;
  now: number;
  /** columns of the terminal */
  width: number;
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;

/** `███░░░  12 of 60, 4 running, 3 min left`; never wider than the terminal, so that it can be written over itself. */
export function progressLine(progress: Progress): string {
  const { done, total, running, width } = progress;
  const parts = [`${done} of ${total}`, ...(running > 0 ? [`${running} running`] : []), timeWords(progress)];
  const texts = [parts.join(', '), [parts[0], parts.at(-1)].join(', '), parts[0] ?? ''];
  const room = Math.max(0, width - 1);
  const fits = texts.find((one) => one.length + NARROWEST_BAR + 2 <= room) ?? texts.find((one) => one.length <= room);
  if (fits === undefined) return `${done}/${total}`.slice(0, room);
  const left = Math.min(WIDEST_BAR, room - fits.length - 2);
  return left < NARROWEST_BAR ? fits : `${bar(done, total, left)}  ${fits}`;
}

function bar(done: number, total: number, columns: number): string {
  const full = total === 0 ? columns : Math.floor((Math.min(done, total) / total) * columns);
  return '█'.repeat(full) + '░'.repeat(columns - full);
}

/** Extrapolates from the time per finished submission, which includes parallelism. */
function timeWords({ done, total, startedAt, now }: Progress): string {
  const took = Math.max(0, now - startedAt);
  if (done >= total) return `done in ${durationWords(took)}`;
  if (done === 0) return 'time left not known yet';
  return `${durationWords((took / done) * (total - done))} left`;
}

/** `40 s`, `3 min`, `1 h 20 min` */
export function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
