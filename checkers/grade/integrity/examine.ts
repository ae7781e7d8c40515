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
import { withoutEnding } from '../intake/kind.ts';
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
  /** lines in common, by file, of each; found when asked for, since there may be thousands of pairs */
  readonly lines: [one: Lines, other: Lines];
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
  text: Text;
}

/** What files say; the same for all who handed in the same bytes. */
interface Text {
  tokens: [name: string, tokens: Token[]][];
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
  const texts = new Map<string, Text>();
  const programOf = (source: Source, kept: boolean): Program => {
    const bytes = JSON.stringify(source.files);
    const text = texts.get(bytes) ?? textOf(source, common);
    texts.set(bytes, text);
    return { source, kept, text };
  };
  const programs = sources.map((source) => programOf(source, false));
  const kept = library.map((source) => programOf(source, true));
  const pairs = pairsOf(programs, kept);
  const shares = pairs.filter(({ other }) => !other.kept).map(({ share }) => share);
  const count = pairCount(programs);
  const from = standsOutFrom(shares, count);
  const due = ourTexts(stage);
  const ours = new Map([...new Set(programs.map(({ text }) => text))].map((text) => [text, oursIn(text, due)]));
  return {
    stage,
    compared: programs.length,
    ours: programs.flatMap(({ source, text }) =>
      (ours.get(text) ?? []).map((one) => ({ student: source.student, ...one })),
    ),
    pairs: pairs
      .filter(({ share }) => share >= from)
      .map(pairOf)
      .sort(byShare),
    distribution: distributionOf(shares, count),
    from,
    withoutLinux: sources.flatMap((source) => withoutLinux(source)),
  };
}

function textOf({ files }: Source, common: ReadonlySet<number>): Text {
  const tokens = files.map(({ name, text }): [string, Token[]] => [name, tokensOf(text, name)]);
  const prints = new Map(tokens.map(([name, all]) => [name, winnow(all, common)]));
  const words = tokens.map(([, all]) => wordsOf(all)).join('\n');
  return { tokens, words, prints, all: new Set([...prints.values()].flatMap((one) => [...one.keys()])) };
}

function wordsOf(tokens: Token[]): string {
  return tokens.map(({ word }) => word).join(' ');
}

/** What all students have: this skeleton, and the code in the lessons up to here. */
function commonTexts(stage: Stage): string[] {
  const lessons = course.filter(({ number }) => number <= stage.number).map(({ doc }) => join(root, doc));
  return [skeletonOf(stage), ...lessons.filter(existsSync).flatMap((path) => codeIn(readFileSync(path, 'utf8')))];
}

function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
}

/** Whether two hand-ins are of the same people: a student's own earlier one, or that of the group. */
function areOfTheSame({ source: one }: Program, { source: other }: Program): boolean {
  const [mine, theirs] = [one, other].map(({ student, group }) => [group, attemptOf(student.id)]) as [Ids, Ids];
  return (mine[0] !== undefined && mine[0] === theirs[0]) || mine[1] === theirs[1];
}

type Ids = [group: string | undefined, id: string];

/** Of a student who handed in twice, the second one is told by its file: 'ada', 'ada.zip', 'ada.zip (2)'. */
function attemptOf(id: string): string {
  return withoutEnding(id.replace(/ \(\d+\)$/, ''));
}

function pairCount(programs: Program[]): number {
  const teams = new Map<string, number>();
  for (const { source } of programs) {
    const team = source.group ?? attemptOf(source.student.id);
    teams.set(team, (teams.get(team) ?? 0) + 1);
  }
  const all = (count: number): number => (count * (count - 1)) / 2;
  return [...teams.values()].reduce((rest, count) => rest - all(count), all(programs.length));
}

function pairsOf(programs: Program[], kept: Program[]): Likeness[] {
  const shared = sharesOf([...programs, ...kept].map(({ text }) => text));
  const pairs: Likeness[] = [];
  programs.forEach((one, index) => {
    const shares = shared.get(one.text);
    for (const other of [...programs.slice(index + 1), ...kept]) {
      const share = shares?.get(other.text);
      if (share !== undefined && !areOfTheSame(one, other)) pairs.push({ one, other, share });
    }
  });
  return pairs;
}

/** How much any two texts share, also one with itself; those that share nothing are left out. */
function sharesOf(all: Text[]): Map<Text, Map<Text, number>> {
  const texts = [...new Set(all)];
  const having = new Map<number, Text[]>();
  for (const text of texts) {
    for (const hash of text.all) {
      const others = having.get(hash);
      if (others) others.push(text);
      else having.set(hash, [text]);
    }
  }
  return new Map(
    texts.map((one) => {
      const shared = new Map<Text, number>();
      for (const hash of one.all) {
        for (const other of having.get(hash) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
      }
      return [one, new Map([...shared].map(([other, count]) => [other, shareOf(one, other, count)]))];
    }),
  );
}

/** Of short programs, equal text is no sign: there are not many ways to write it. */
function shareOf(one: Text, other: Text, count: number): number {
  const least = Math.min(one.all.size, other.all.size);
  return least < FEWEST ? 0 : count / least;
}

function pairOf({ one, other, share }: Likeness): Pair {
  return {
    ...{ one: one.source, other: other.source, kept: other.kept, share },
    get lines(): Pair['lines'] {
      return [linesOf(one.text, other.text.all), linesOf(other.text, one.text.all)];
    },
  };
}

function linesOf({ prints }: Text, shared: ReadonlySet<number>): Lines {
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

function distributionOf(shares: number[], pairs: number): number[] {
  const bins = Array.from({ length: 11 }, () => 0);
  for (const share of shares) bins[Math.floor(share * 10)] = (bins[Math.floor(share * 10)] ?? 0) + 1;
  bins[0] = (bins[0] ?? 0) + pairs - shares.length;
  return bins;
}

function byShare(a: Pair, b: Pair): number {
  return b.share - a.share || (a.one.student.id < b.one.student.id ? -1 : 1);
}

/** Our own texts, beyond this stage's skeleton, which every student has. */
interface OurTexts {
  skeleton: ReadonlySet<number>;
  texts: { what: string; words: string; due: ReadonlySet<number> }[];
}

function ourTexts(stage: Stage): OurTexts {
  const skeleton = new Set(allHashes(tokensOf(skeletonOf(stage), stage.file)));
  const next = course.find(({ grewFrom }) => grewFrom === stage.number);
  const texts: [string, string][] = [[`the solution of stage ${stage.number}`, solutionOf(stage)]];
  if (next !== undefined) {
    texts.push([`the skeleton of stage ${next.number}`, skeletonOf(next)]);
    texts.push([`the solution of stage ${next.number}`, solutionOf(next)]);
  }
  return {
    skeleton,
    texts: texts.map(([what, text]) => {
      const tokens = tokensOf(text, stage.file);
      return { what, words: wordsOf(tokens), due: new Set(winnow(tokens, skeleton).keys()) };
    }),
  };
}

function oursIn({ tokens, words }: Text, { skeleton, texts }: OurTexts): Omit<Ours, 'student'>[] {
  const mine = new Set(tokens.flatMap(([, all]) => [...winnow(all, skeleton).keys()]));
  const all = texts.map(({ what, words: due, due: known }) => {
    const shared = [...mine].filter((hash) => known.has(hash));
    const same = words === due;
    // All of ours is in there, and it is most of it.
    return { what, same, share: same ? 1 : shared.length / Math.max(1, known.size, mine.size) };
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
