/** The last output of a program that an error ended, or of which it ended a thread. */
import { fromRoot } from '../root.ts';

/** The error that ended a program. */
export interface ProgramError {
  /** e.g. 'TypeError: x is not a function' */
  message: string;
  /** 'stages/stage-4-tcp-proxy/proxy.ts:57', as far as its stack tells */
  place?: string;
  /** the functions on its stack, innermost first */
  functions: string[];
}

/** An error among the lines of a program, whether or not it ended the program. */
export interface Complaint extends ProgramError {
  /** index of the line with the message */
  at: number;
  /** the first line that belongs to it */
  from: number;
  /** a thread, a task or a handler failed; the program itself may go on */
  partly: boolean;
}

/** How the runtimes print an error. The first group is the message; `next`: it is on the next line. */
const HEADS: { head: RegExp; next?: boolean }[] = [
  // Node, Python, Java's "Caused by: "
  {
    head: /^((?:Uncaught )?(?:[A-Za-z_][\w.]*\.)?(?:[A-Z]\w*)?(?:Error|Exception|ExceptionGroup|Interrupt)(?: \[\w+\])?(?::.*| \{)?)$/,
  },
  { head: /^\[?(UnhandledPromiseRejection\b.*?)\]?(?: \{)?$/ },
  { head: /^(?:Exception in thread "[^"]*"|Caused by:|Unhandled exception\.) *([\w.$]+(?::.*)?)$/ },
  // Python: the exception's class may have any name; its traceback ends with it.
  { head: /^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:: .*)?)$/ },
  // Rust: since 1.73 the message is on the next line.
  { head: /^thread '.*' (?:\(\d+\) )?panicked at [^'"].*:\d+:\d+:$/, next: true },
  { head: /^thread '.*' panicked at (.+), \S+:\d+:\d+$/ },
  // Go
  { head: /^((?:panic|fatal error): .*)$/ },
  // C and C++
  { head: /^(.*: Assertion [`'].*' failed\.?)$/ },
  { head: /^==\d+==\s?(ERROR: \w+Sanitizer: .*)$/ },
  { head: /^WARNING: (ThreadSanitizer: .*)$/ },
  { head: /^\S+:\d+:\d+: (runtime error: .*)$/ },
  { head: /^(terminate called .*)$/ },
  { head: /^(\*\*\* .+ detected \*\*\*.*)$/ },
  {
    head: /^((?:free|malloc|realloc|munmap_chunk|malloc_consolidate)\(\): .*|double free or corruption.*|corrupted .*)$/,
  },
  {
    head: /^(?:\S+: )?(?:line )?(?:\d+: )?(?:\d+ )?((?:Segmentation fault|Bus error|Aborted|Illegal instruction)(?: \(core dumped\))?)\b/,
  },
  // Ruby
  { head: /^\S+\.rb:\d+:in [`'].*': (.+ \([A-Z][\w:]*\))$/ },
  // Perl
  { head: /^(.+) at \S+ line \d+(?:, <\S+> line \d+)?\.$/ },
  { head: /^PHP (Fatal error: .*)$/ },
];
const PYTHON = HEADS.find(({ head }) => head.test('os.error'))?.head;

const TRACEBACK = /^Traceback \(most recent call last\):$/;
const PYTHON_FRAME = /^ +File "([^"]+)", line (\d+)/;
const PART =
  /^Exception in thread (?!"main")|^Task exception was never retrieved|^Exception in callback|^Exception (?:occurred during processing|ignored in)|^thread '(?!main')|terminated with exception \(report_on_exception/;
/** The second of two panics often only reports that the thread of the first one has ended. */
const CONSEQUENCE = /PoisonError|Any \{|^Aborted/;
/** Frames below these are never the learner's code. */
const LIBRARY =
  /node_modules|^node:|\/(?:site|dist)-packages\/|\/lib\/python[\d.]+\/|^<|^\/rustc\/|\/\.cargo\/registry\/|\/rustlib\/|^library\/|\/go(?:-[\d.]+)?\/src\/|\/go\/pkg\/mod\/|^\/usr\/(?:local\/)?(?:lib|share|include)\/|\/perl5?\/|\/gems\/|\/lib\/ruby\/|sysdeps\/|libsanitizer|^\.\.\/csu\//;
const JAVA_HEAD = /^(?:Exception in thread|Caused by:) /;
const JAVA_LIBRARY = /^\s+at (?:[\w.]+@?[\d.]*\/)?(?:java|javax|jdk|sun|com\.sun)\./;

/** Finds the error in what a program printed when it died. */
export function errorOf(lines: string[]): ProgramError | undefined {
  const complaint = complaintIn(lines);
  if (complaint === undefined || complaint.partly) return undefined;
  const { message, place, functions } = complaint;
  return place === undefined ? { message, functions } : { message, place, functions };
}

/** Finds the last error that a program printed, and the learner's own line that led there. */
export function complaintIn(printed: string[]): Complaint | undefined {
  const lines = printed.map((line) => line.replace(GROUPED, ''));
  const found = headsIn(lines);
  const last = found.findLast(({ message }) => !CONSEQUENCE.test(message)) ?? found.at(-1);
  if (last === undefined) return undefined;
  // Java prints the frames that two errors share only once, below the first one.
  const before = lines[last.at]?.startsWith('Caused by:') ? found.slice(0, found.indexOf(last)) : [];
  const place = [last, ...before.toReversed()].map((head) => placeOf(lines, head)).find((one) => one !== undefined);
  const { message, at, from, partly } = last;
  const functions = lines.slice(at + 1).flatMap((line) => /^\s+at (?:async )?([\w$]+) \(/.exec(line)?.[1] ?? []);
  return { message, at, from, partly, functions, ...(place !== undefined && { place }) };
}

/**
 * The last lines of a program, and of an error above them those that name it and the learner's own line.
 *
 * @param most how many lines are returned at most
 */
export function lastLinesOf(lines: string[], most: number): string[] {
  const complaint = complaintIn(lines);
  if (lines.length <= most || complaint === undefined) return lines.slice(-most);
  const { at, from, place } = complaint;
  const isJava = JAVA_HEAD.test(lines[at] ?? '');
  const needed = lines.flatMap((line, index) => {
    const isNear = index >= from - 2 && index <= from + 1;
    const isPlace = place !== undefined && (pythonPlace(line.replace(GROUPED, '')) ?? placeIn(line)) === place;
    const isHead = (index >= at - 1 && index <= at + 2) || (isJava && JAVA_HEAD.test(line));
    return isNear || isPlace || isHead || (index > at && /^panic\(/.test(line)) ? [index] : [];
  });
  // In a deep recursion, the last of the repeated frames.
  const head = new Set([
    ...needed.filter((index) => index < at - 1).slice(-most / 4),
    ...needed.filter((index) => index >= at - 1).slice(0, most / 4),
  ]);
  const rest = lines
    .map((_, index) => index)
    .filter((index) => !head.has(index))
    .slice(head.size - most);
  return [...head, ...rest].toSorted((one, other) => one - other).map((index) => lines[index] ?? '');
}

/** Python's markers to the left of the errors in an ExceptionGroup. */
const GROUPED = /^ *(?:\+ Exception Group (?=Traceback)|\| ?|\+-[-+ \d.]*$)/;

interface Head {
  message: string;
  at: number;
  /** the lines that belong to it: from the one, up to the other, which is the next error's */
  from: number;
  to: number;
  partly: boolean;
}

function headsIn(lines: string[]): Head[] {
  const found: Head[] = [];
  let from = 0;
  let traceback: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (TRACEBACK.test(line)) traceback = index;
    const kind = HEADS.find(
      ({ head }) => head.test(line) && (head !== PYTHON || endsTraceback(lines, traceback, index)),
    );
    if (kind === undefined) continue;
    const at = kind.next ? index + 1 : index;
    const text = kind.next ? lines[at] : kind.head.exec(line)?.[1];
    if (text === undefined) continue;
    // The lines above belong to this one in Python only, where the message comes last.
    const start = traceback ?? (isSyntaxError(lines, index) ? index - 3 : index);
    const above = lines.slice(Math.max(from, start - 2), index + 1);
    // Java tells the thread in the first line of a chain.
    const chained = line.startsWith('Caused by:') && found.at(-1)?.partly === true;
    const last = found.at(-1);
    if (last !== undefined) last.to = Math.max(last.at + 1, start);
    found.push({
      message: text.trim(),
      at,
      from: start,
      to: lines.length,
      partly: chained || above.some((one) => PART.test(one)),
    });
    [from, traceback] = [at + 1, undefined];
  }
  return found;
}

/** Python's place of an error without a traceback: file, line and caret. */
function isSyntaxError(lines: string[], index: number): boolean {
  return PYTHON_FRAME.test(lines[index - 3] ?? '');
}

/** The first line below a traceback that is not indented names the exception. */
function endsTraceback(lines: string[], traceback: number | undefined, index: number): boolean {
  return (
    traceback !== undefined &&
    lines.slice(traceback + 1, index).every((line) => /^\s/.test(line)) &&
    index > traceback + 1
  );
}

function placeOf(lines: string[], { at, from, to }: Head): string | undefined {
  // Python prints the innermost call last, the other languages first.
  const above = lines
    .slice(from, at)
    .flatMap((line) => pythonPlace(line) ?? [])
    .at(-1);
  if (above !== undefined) return above;
  const below = lines.slice(Math.max(from, at - 1), to);
  // Go lists the deferred functions first; the one that panicked comes below the panic's own frame.
  const innermost = below.findLastIndex((line) => /^panic\(/.test(line));
  return below
    .slice(innermost + 1)
    .flatMap((line) => placeIn(line) ?? [])
    .find((place) => !place.startsWith('linux/'));
}

function pythonPlace(line: string): string | undefined {
  const [, file = '', number] = PYTHON_FRAME.exec(line) ?? [];
  return file === '' || LIBRARY.test(file) ? undefined : `${fromRoot(file)}:${number}`;
}

/** 'proxy.ts:57' in the frames of Node, Rust, Go, Java, C's sanitizers and Ruby; 'proxy.pl line 12' in Perl's. */
function placeIn(line: string): string | undefined {
  if (JAVA_LIBRARY.test(line)) return undefined;
  const match =
    /(?:file:\/\/)?([^\s():'"`,]*\.(?:[cm]?[jt]sx?|rs|go|java|kt|rb|php|cs|cc|cpp|cxx|c|h|hpp|zig|swift)):(?:line )?(\d+)/.exec(
      line,
    ) ?? / at (\S+) line (\d+)/.exec(line);
  const [, file = '', number] = match ?? [];
  return file === '' || LIBRARY.test(file) || line.includes('node:internal')
    ? undefined
    : `${fromRoot(file)}:${number}`;
}
