/**
 * The gradebook files of four platforms: which column a mark goes into, and which ones name the student.
 *
 * Canvas: `lib/gradebook_importer.rb` of instructure/canvas-lms. Moodle: `mod/assign/feedback/offline/importgradeslib.php` of
 * moodle/moodle. Blackboard and Brightspace: the files that they hand out themselves.
 */
import { type Gradebook, GradebookError } from './gradebook.ts';

/** The platforms whose gradebook files can be filled. */
export const SYSTEMS = ['canvas', 'moodle', 'blackboard', 'brightspace'] as const;
export type System = (typeof SYSTEMS)[number];

/** The columns of a gradebook. */
export interface Columns {
  grade: number;
  /** points of the column; null: the file does not tell */
  outOf: number | null;
  /** numbers and logins of students, the surest first */
  ids: number[];
  email: number;
  /** one with the whole name, or family name and first name */
  name: number[];
  /** a text for the student; -1: there is none */
  comment: number;
  /** says 'No' where the platform takes no mark; -1: there is none */
  open: number;
}

/** How a platform's file looks. */
interface Layout {
  /** the first headings, for messages */
  expected: string;
  /** a column of marks */
  grade: RegExp;
  outOf: (gradebook: Gradebook, column: number) => string | undefined;
  ids: RegExp[];
  name: RegExp[];
  comment?: RegExp;
  open?: RegExp;
}

const LAYOUTS: Record<System, Layout> = {
  canvas: {
    expected: 'Student,ID,SIS User ID,SIS Login ID,Section,Assignment (123)',
    grade: /\(\d+\)$/,
    outOf: ({ rows }, column) => rows.find(([first = '']) => first.includes('Points Possible'))?.[column],
    ids: [/^ID$/, /^SIS Login ID$/, /^SIS User ID$/, /^Integration ID$/],
    name: [/^Student$/],
  },
  moodle: {
    expected: 'Identifier,Full name,Email address,Status,Grade,Maximum Grade',
    grade: /^Grade$/,
    outOf: ({ heading, rows }) => rows[0]?.[heading.findIndex((name) => /^Maximum grade$/i.test(name))],
    ids: [/^Identifier$/i, /^ID number$/i, /^Username$/i],
    name: [/^Full name$/i],
    comment: /^Feedback comments$/i,
    open: /^Grade can be changed$/i,
  },
  blackboard: {
    expected: 'Last Name,First Name,Username,Student ID,Assignment [Total Pts: 100 Score] |123',
    grade: /\[Total Pts: (?!up to).*\] ?\|\d+$/i,
    outOf: ({ heading }, column) => /\[Total Pts: ([\d.,]+)/i.exec(heading[column] ?? '')?.[1],
    ids: [/^Username$/i, /^Student ID$/i],
    name: [/^Last Name$/i, /^First Name$/i],
    comment: /^Feedback to Learner$/i,
  },
  brightspace: {
    expected:
      'OrgDefinedId,Username,Last Name,First Name,Email,Assignment Points Grade <Numeric MaxPoints:100>,End-of-Line Indicator',
    grade: / Points Grade\b/i,
    outOf: ({ heading }, column) => /MaxPoints:([\d.,]+)/i.exec(heading[column] ?? '')?.[1],
    ids: [/^Username$/i, /^OrgDefinedId$/i],
    name: [/^Last Name$/i, /^First Name$/i],
  },
};

/**
 * The columns of a platform's gradebook.
 *
 * @param wanted the column for the marks, or a part of its heading; undefined: the only one
 * @throws GradebookError when it is not of that platform, or the column is not clear
 */
export function columnsOf(system: System, gradebook: Gradebook, wanted: string | undefined): Columns {
  const { heading } = gradebook;
  const layout = LAYOUTS[system];
  const at = (name: RegExp | undefined): number =>
    name === undefined ? -1 : heading.findIndex((one) => name.test(one.trim()));
  const ids = layout.ids.map(at).filter((column) => column >= 0);
  const name = layout.name.map(at).filter((column) => column >= 0);
  if (ids.length === 0 && name.length === 0) {
    throw new GradebookError(
      `This is not the gradebook file of ${system}. Expected: ${layout.expected}; found: ${heading.slice(0, 6).join(',')}.`,
    );
  }
  const grade = gradeColumn(heading, layout.grade, wanted);
  const points = Number((layout.outOf(gradebook, grade) ?? '').trim().replace(',', '.'));
  return {
    ...{ grade, ids, name, comment: at(layout.comment), open: at(layout.open) },
    outOf: points > 0 ? points : null,
    email: at(/^e-?mail( address)?$/i),
  };
}

function gradeColumn(heading: string[], grade: RegExp, wanted: string | undefined): number {
  const all = heading.flatMap((name, column) => (grade.test(name.trim()) ? [{ name, column }] : []));
  const word = wanted?.toLowerCase();
  const fitting = all.filter(({ name }) => word === undefined || name.toLowerCase().includes(word));
  const exact = fitting.filter(({ name }) => name.toLowerCase() === word);
  const [only, ...others] = exact.length === 1 ? exact : fitting;
  if (only !== undefined && others.length === 0) return only.column;
  const found = all.length === 0 ? 'none' : all.map(({ name }) => name).join(', ');
  throw new GradebookError(
    `Which column takes the marks? Columns of assignments in this file: ${found}. Name one, or a part of its name: column NAME`,
  );
}
