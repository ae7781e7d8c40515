/**
 * What an instructor may want to look at: hand-ins that are ours, or the next stage's skeleton, or like one another, or that
 * use no `#linux`. It informs: no mark depends on it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { course, type Stage } from '../../course/course.ts';
import { skeletonOf, solutionOf } from '../../course/skeleton.ts';
import { root } from '../../root.ts';
import type { Student } from '../contract/result.ts';
import type { Source } from './sources.ts';
import { type Token, tokensOf } from './tokens.ts';
import { allHashes, type Fingerprints, type Place, winnow } from './winnow.ts';

/** From this share on, what is left of a program without the common text is said to be another one's. */
const LIKE = 0.8;
/** Programs of which less is left than this many fingerprints are too short to be compared: about a function. */
const FEWEST = 8;
/** Beyond the usual: so many spreads of the class's own pairs above the upper quarter. */
const SPREADS = 3;

/** Two programs that share more than others do. */
export interface Pair {
  one: Source;
  other: Source;
  /** the other one is in the library, from an earlier class */
  kept: boolean;
  /** 0 to 1: of the smaller one, without the common text */
  share: number;
  /** lines in common, by file, of each */
  lines: [one: Lines, other: Lines];
}

/** Lines of files: `name` to the numbers. */
export type Lines = Map<string, Set<number>>;

/** A hand-in that is one of our own texts. */
export interface Ours {
  student: Student;
  /** 'the solution of stage 4' */
  what: string;
  /** the same apart from white space, comments and names; else nearly so */
  same: boolean;
  share: number;
}

/** All that was found. */
export interface Integrity {
  stage: Stage;
  compared: number;
  ours: Ours[];
  /** equal programs first */
  pairs: Pair[];
  /** how many pairs have which share, in tenths; the last one is for equal programs */
  distribution: number[];
  /** from this share on a pair stands out here */
  from: number;
  withoutLinux: { student: Student; imports: string[] }[];
}

/** Two programs, before their lines are looked at. */
interface Likeness {
  one: Program;
  other: Program;
  share: number;
}

interface Program {
  source: Source;
  kept: boolean;
  words: string;
  prints: Map<string, Fingerprints>;
  all: Set<number>;
}

/**
 * Compares the programs of a class.
 *
 * @param library earlier hand-ins, with which these are compared, but not with one another
 */
export function examine(stage: Stage, sources: Source[], library: Source[] = []): Integrity {
  const common = new Set(commonTexts(stage).flatMap((text) => allHashes(tokensOf(text, stage.file))));
  const programs = sources.map((source) => programOf(source, common, false));
  const kept = library.map((source) => programOf(source, common, true));
  const pairs = pairsOf(programs, kept);
  const shares = pairs.filter(({ other }) => !other.kept).map(({ share }) => share);
  const from = standsOutFrom(shares, (programs.length * (programs.length - 1)) / 2);
  return {
    stage,
    compared: programs.length,
    ours: programs.flatMap((program) => oursIn(program, stage)),
    pairs: pairs
      .filter(({ share }) => share >= from)
      .map(pairOf)
      .sort(byShare),
    distribution: distributionOf(shares, programs.length),
    from,
    withoutLinux: sources.flatMap((source) => withoutLinux(source)),
  };
}

function programOf(source: Source, common: ReadonlySet<number>, kept: boolean): Program {
  const tokens = source.files.map(({ name, text }): [string, Token[]] => [name, tokensOf(text, name)]);
  const prints = new Map(tokens.map(([name, all]) => [name, winnow(all, common)]));
  const words = tokens.map(([, all]) => all.map(({ word }) => word).join(' ')).join('\n');
  return { source, kept, words, prints, all: new Set([...prints.values()].flatMap((one) => [...one.keys()])) };
}

/** What all students have: this skeleton, and the code in the lessons up to here. */
function commonTexts(stage: Stage): string[] {
  const lessons = course.filter(({ number }) => number <= stage.number).map(({ doc }) => join(root, doc));
  return [skeletonOf(stage), ...lessons.filter(existsSync).flatMap((path) => codeIn(readFileSync(path, 'utf8')))];
}

function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
}

function pairsOf(programs: Program[], kept: Program[]): Likeness[] {
  const having = new Map<number, Program[]>();
  for (const program of [...programs, ...kept]) {
    for (const hash of program.all) {
      const others = having.get(hash);
      if (others) others.push(program);
      else having.set(hash, [program]);
    }
  }
  return programs.flatMap((one, index) => {
    const shared = new Map<Program, number>();
    for (const hash of one.all) {
      for (const other of having.get(hash) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    const later = new Set([...programs.slice(index + 1), ...kept]);
    return [...shared]
      .filter(([other]) => later.has(other))
      .map(([other, count]) => ({ one, other, share: shareOf(one, other, count) }));
  });
}

/** Of short programs, equal text is no sign: there are not many ways to write it. */
function shareOf(one: Program, other: Program, count: number): number {
  const least = Math.min(one.all.size, other.all.size);
  return least < FEWEST ? 0 : count / least;
}

function pairOf({ one, other, share }: Likeness): Pair {
  const lines: Pair['lines'] = [linesOf(one, other.all), linesOf(other, one.all)];
  return { one: one.source, other: other.source, kept: other.kept, share, lines };
}

function linesOf({ prints }: Program, shared: ReadonlySet<number>): Lines {
  return new Map(
    [...prints].map(([name, found]) => {
      const places = [...found].filter(([hash]) => shared.has(hash)).flatMap(([, all]) => all);
      return [name, new Set(places.flatMap(linesAt))];
    }),
  );
}

function linesAt({ from, to }: Place): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Students who write the same small gaps are alike. What stands out is more than that, and much. */
function standsOutFrom(shares: number[], pairs: number): number {
  const sorted = shares.toSorted((a, b) => b - a);
  // Pairs that share nothing are not in the list.
  const quarter = (part: number): number => sorted[Math.floor(part * pairs)] ?? 0;
  const [upper, lower] = [quarter(0.25), quarter(0.75)];
  if (pairs < 10) return LIKE;
  return Math.min(0.98, Math.max(LIKE, upper + SPREADS * (upper - lower)));
}

function distributionOf(shares: number[], programs: number): number[] {
  const bins = Array.from({ length: 11 }, () => 0);
  for (const share of shares) bins[Math.floor(share * 10)] = (bins[Math.floor(share * 10)] ?? 0) + 1;
  bins[0] = (bins[0] ?? 0) + (programs * (programs - 1)) / 2 - shares.length;
  return bins;
}

function byShare(a: Pair, b: Pair): number {
  return b.share - a.share || (a.one.student.id < b.one.student.id ? -1 : 1);
}

/** Compared with what goes beyond this stage's skeleton, which every student has. */
function oursIn({ source, words }: Program, stage: Stage): Ours[] {
  const skeleton = new Set(allHashes(tokensOf(skeletonOf(stage), stage.file)));
  const next = course.find(({ grewFrom }) => grewFrom === stage.number);
  const texts: [string, string][] = [[`the solution of stage ${stage.number}`, solutionOf(stage)]];
  if (next !== undefined) {
    texts.push([`the skeleton of stage ${next.number}`, skeletonOf(next)]);
    texts.push([`the solution of stage ${next.number}`, solutionOf(next)]);
  }
  const all = texts.map(([what, text]): Ours => {
    const due = [...winnow(tokensOf(text, stage.file), skeleton).keys()];
    const theirs = source.files.flatMap(({ name, text: own }) => [...winnow(tokensOf(own, name), skeleton).keys()]);
    const known = new Set(due);
    const [mine, shared] = [new Set(theirs), theirs.filter((hash) => known.has(hash))];
    // All of ours is in there, and it is most of it.
    const share = new Set(shared).size / Math.max(1, due.length, mine.size);
    const same =
      words ===
      tokensOf(text, stage.file)
        .map(({ word }) => word)
        .join(' ');
    return { student: source.student, what, same, share: same ? 1 : share };
  });
  const best = all.toSorted((a, b) => Number(b.same) - Number(a.same) || b.share - a.share)[0];
  return best !== undefined && (best.same || best.share >= LIKE) ? [best] : [];
}

const IMPORT = /^\s*(?:import|export)\b[^'"\n;]*?['"]([^'"\n]+)['"]|\b(?:require|import)\(\s*['"]([^'"\n]+)['"]\s*\)/gm;
const IMPORT_OF_LINES = /^\s*(?:import|export)\s*\{[^}]*\}\s*from\s*['"]([^'"\n]+)['"]/gm;

/** Files for Node that do without our system calls; a program in another language cannot have them. */
function withoutLinux({ student, files }: Source): Integrity['withoutLinux'] {
  const scripts = files.filter(({ name }) => /\.[mc]?[tj]s$/.test(name));
  if (scripts.length === 0) return [];
  const found = scripts.flatMap(({ text }) =>
    [IMPORT, IMPORT_OF_LINES].flatMap((how) => [...text.matchAll(how)].map(([, one, other]) => one ?? other ?? '')),
  );
  const imports = [...new Set(found)].filter((name) => name !== '' && !name.startsWith('.')).sort();
  return imports.includes('#linux') ? [] : [{ student, imports }];
}
