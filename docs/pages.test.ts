/** Pages that show what stands elsewhere are held to it, and written anew by `npx vitest run docs -u`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { course } from '../checkers/course/course.ts';
import { checkKey, readRubric } from '../checkers/grade/rubric/rubric.ts';
import { duration } from '../checkers/report/map.ts';
import { root } from '../checkers/root.ts';

const docs = join(root, 'docs');
const scripts: object = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

function read(page: string): string {
  return readFileSync(join(docs, page), 'utf8');
}

/** The page with these texts, each between the mark of that name and the next end. */
function filled(page: string, texts: Record<string, string>): string {
  const marked = /(<!-- (\S+): written by [^\n]+ -->\n)[\s\S]*?(<!-- end -->\n)/g;
  const marks: string[] = [];
  const whole = read(page).replaceAll(marked, (_all, begin: string, mark: string, end: string) => {
    marks.push(mark);
    return `${begin}\n${texts[mark]}\n\n${end}`;
  });
  expect(marks, `the marks of ${page}`).toEqual(Object.keys(texts));
  return whole;
}

/** A table as Prettier and its like set it. */
function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

it('use-another-language.md shows the Python proxy that is judged', async () => {
  const page = 'use-another-language.md';
  const code = read('examples/proxy.py');
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  const text = `\`\`\`python\n${code}\`\`\``;
  await expect(filled(page, { 'examples/proxy.py': text })).toMatchFileSnapshot(join(docs, page));
});

/** What there is to do, as a table. */
function milestoneTable(): string {
  const rows = course.flatMap((stage) =>
    stage.milestones.map(({ id, title, minutes, checks }) => [
      `${stage.number}: [${stage.title}](${stage.doc.replace('docs/', '')})`,
      id,
      title,
      String(checks.length),
      duration(minutes),
    ]),
  );
  return table([['stage', 'milestone', 'what works then', 'checks', 'time'], ...rows]);
}

/** What the grader gives for each check where there is no rubric: '5 for round-trip, pages; 4 for idle'. */
function pointsTable(): string {
  const rows = course.flatMap((stage) => {
    const worth = readRubric(stage, null).points;
    return stage.milestones.map(({ id, checks, points }) => {
      const amounts = [...new Set(checks.map((check) => worth.get(checkKey(id, check.id))))];
      const groups = amounts.map((each) => {
        const those = checks.filter((check) => worth.get(checkKey(id, check.id)) === each);
        return `${each} for ${those.map((check) => check.id).join(', ')}`;
      });
      return [id, String(points), groups.join('; ')];
    });
  });
  return table([['milestone', 'points', 'for each of its checks'], ...rows]);
}

it('teach.md lists the milestones of the course, and what each check is worth', async () => {
  const page = filled('teach.md', { milestones: milestoneTable(), points: pointsTable() });
  await expect(page).toMatchFileSnapshot(join(docs, 'teach.md'));
});

it('glossary.md has each word once, and each part in the order of the alphabet', () => {
  const parts = read('glossary.md').split('\n## ').slice(1);
  const words = parts.map((part) =>
    [...part.matchAll(/^\*\*(.+?)\*\*/gm)].map((match) => match[1]?.toLowerCase() ?? ''),
  );
  expect(words.map((part) => part.toSorted())).toEqual(words);
  expect(new Set(words.flat()).size).toBe(words.flat().length);
});

describe.each(['../README.md', 'README.md', 'teach.md'])('%s', (page) => {
  it.each(course)('leads to stage $number', ({ doc }) => {
    const target = page.startsWith('..') ? doc : doc.replace('docs/', '');
    expect(read(page)).toContain(`](${target})`);
  });
});

it('README.md leads to every page', () => {
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(\w+\/)?[a-z\d-]+\.md$/.test(path),
  );
  const text = read('README.md');
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((path) => !/^[a-z]{2}\//.test(path) && !text.includes(`](${path})`))).toEqual([]);
});

describe.each(readdirSync(docs).filter((name) => name.endsWith('.md')))('%s', (page) => {
  const text = read(page);

  it('names only words of npm run that there are', () => {
    const words = [...text.matchAll(/npm run (?:-s )?(\w+)/g)].map((match) => match[1] ?? '');
    expect(words.filter((word) => !(word in scripts))).toEqual([]);
  });

  it('links only to files that there are', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(targets.filter((target) => !existsSync(join(docs, target)))).toEqual([]);
  });
});
