import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { studentSeed } from '../contract/seed.ts';
import { gradeOf, NASTY, nastyClass } from '../fixtures/class.ts';
import { anonymised } from './anonymised.ts';
import { feedbackHtml } from './feedback-html.ts';
import { feedbackMarkdown, inline } from './feedback-markdown.ts';

const none = (): undefined => undefined;

/** All elements of a markdown text other than plain text. */
function kinds(markdown: string): Token[] {
  const found: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => void found.push(token));
  return found;
}

describe('feedback as markdown', () => {
  const page = feedbackMarkdown(gradeOf('utf8', 'ada', { late: { days: 1, cost: 4 } }), none);

  it('shows mark, observation, cause, advice and the replay command', () => {
    expect(page).toContain('# Stage 4: TCP proxy, Student ada');
    expect(page).toContain('It came 1 day late, 4 points off.');
    expect(page).toMatch(/### 4\.2 check \d+, failed: /);
    for (const label of ['Did', 'Expected', 'Observed', 'Cause', 'Proof', 'Next', 'See it again']) {
      expect(page).toContain(`**${label}:**`);
    }
    expect(page).toMatch(/```text\nnpm run milestone 4\.2 only \d+ seed 7f3a\n```/);
  });

  it('says of a check that was not judged which one has to pass first', () => {
    const grade = gradeOf('skeleton', 'ada');
    const [first, second] = grade.milestones[0]?.checks ?? [];
    if (first === undefined || second === undefined) throw new Error('the skeleton has two checks');
    expect([first.status, second.status]).toEqual(['fail', 'skipped']);
    expect(feedbackMarkdown(grade, none)).toMatch(/^\| 2 \| .* \| not judged: check 1 has to pass first \| 0 of/m);
    expect(feedbackHtml(grade, none)).toContain('<span class="skipped">not judged: check 1 has to pass first</span>');
    second.reason = 'no strace | here';
    expect(feedbackMarkdown(grade, none)).toContain('| not judged: no strace \\| here |');
    second.reason = 'stopped';
    expect(feedbackMarkdown(grade, none)).toContain('| not judged: the run was stopped before it |');
  });

  it('mentions tries only if there was more than one', () => {
    expect(page).toContain('It was tried 2 times: failed, then failed.');
    expect(feedbackMarkdown(gradeOf('solution', 'ada'), none)).not.toContain('tried');
  });

  it('escapes all output of a submission', () => {
    for (const grade of nastyClass().grades) {
      const tokens = kinds(feedbackMarkdown(grade, none));
      expect(tokens.filter(({ type }) => ['html', 'link', 'image', 'blockquote', 'hr'].includes(type))).toEqual([]);
      const headings = tokens.filter(({ type }) => type === 'heading').map((token) => (token as { text: string }).text);
      for (const heading of headings) expect(heading).toMatch(/^(Stage 4|Milestone 4\.|4\.\d check \d+, )/);
      const tables = tokens.filter(({ type }) => type === 'table');
      expect(tables).toHaveLength(grade.milestones.length);
    }
  });

  it.each(['- list', '# head', '1. one', '12) two', '+ plus', '> quote', '=== ', '    code', '~~~', '|a|b|', '***'])(
    'takes %j for a text',
    (text) => {
      expect(kinds(`${inline(text)}\n`).map(({ type }) => type)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/list|heading|code|quote|table|hr|strong|em$/)]),
      );
    },
  );
});

describe('feedback as a page', () => {
  it('has no element, and no attribute, that a submission printed', () => {
    for (const grade of nastyClass().grades) {
      const page = feedbackHtml(grade, none);
      expect(page).not.toMatch(/<script|<img|<[^>]* onerror/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for control characters
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it('shows the first byte that differs in its context', () => {
    expect(feedbackHtml(gradeOf('utf8', 'ada'), none)).toMatch(/the first byte that differs is byte \d+/);
  });
});

describe('anonymised', () => {
  const grades = ['al', 'art', 'ada-7', '王小明', '4'].map((id) =>
    gradeOf('utf8', id, {
      student: { id, name: id === 'art' ? 'Zoë van der Berg' : id },
      notes: [
        `/home/zoë/${id}/proxy.ts of Van der Berg starts on 4 cores`,
        'as ADA-7 said, and 王小明 too; artless',
        NASTY,
      ],
    }),
  );
  const all = anonymised({ version: 2, stage: 4, classSeed: 'autumn', grades });

  it('gives each student a stable pseudonym, in an order that reveals no identity', () => {
    expect(anonymised({ version: 2, stage: 4, classSeed: 'autumn', grades: grades.toReversed() })).toEqual(all);
    const ids = all.grades.map(({ student }) => student.id);
    expect(new Set(ids).size).toBe(grades.length);
    expect(ids).toEqual(ids.toSorted());
    for (const { student } of all.grades) expect(student).toEqual({ id: student.name, name: student.id });
    const seeds = grades.map(({ student }) => studentSeed('autumn', student.id).slice(0, 6));
    for (const seed of seeds) expect(ids.join()).not.toContain(seed);
  });

  it('removes full names from texts, parts of the student’s own name too, and leaves other words alone', () => {
    const notes = all.grades.flatMap((grade) => grade.notes);
    expect(notes.join(' ')).not.toMatch(/ada-7|王小明|\/al\//i);
    expect(notes.filter((note) => note.includes('artless'))).toHaveLength(grades.length);
    expect(notes.filter((note) => / starts on /.test(note))).toHaveLength(grades.length);
    expect(notes.filter((note) => /zoë|berg/i.test(note))).toHaveLength(grades.length - 1);
  });

  it('keeps marks, titles and causes, and drops values made from the id or the files', () => {
    const points = (list: typeof grades): number[] => list.map((grade) => grade.points).sort();
    expect(points(all.grades)).toEqual(points(grades));
    const text = JSON.stringify(all);
    for (const gone of ['autumn', '7f3a', grades[0]?.versions.submission ?? '-']) expect(text).not.toContain(gone);
    expect(all.grades[0]?.milestones[1]?.checks.map(({ title }) => title)).toEqual(
      grades[0]?.milestones[1]?.checks.map(({ title }) => title),
    );
  });
});
