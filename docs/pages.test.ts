/** Pages that show what stands elsewhere are held to it, and written anew by `npx vitest run docs -u`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { course } from '../checkers/course/course.ts';
import { duration } from '../checkers/report/map.ts';
import { root } from '../checkers/root.ts';

const docs = join(root, 'docs');
const scripts: object = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

function read(page: string): string {
  return readFileSync(join(docs, page), 'utf8');
}

/** The page with this text between the mark of that name and the next end. */
function filled(page: string, mark: string, text: string): string {
  const parts = /^([\s\S]*<!-- (\S+): written by [^\n]+ -->\n)[\s\S]*?(<!-- end -->\n[\s\S]*)$/.exec(read(page));
  expect(parts?.[2], `${page} has a mark`).toBe(mark);
  return `${parts?.[1]}\n${text}\n\n${parts?.[3]}`;
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
  await expect(filled(page, 'examples/proxy.py', text)).toMatchFileSnapshot(join(docs, page));
});

it('teach.md lists the milestones of the course', async () => {
  const rows = course.flatMap((stage) =>
    stage.milestones.map(({ id, title, minutes, checks }) => [
      `${stage.number}: [${stage.title}](${stage.doc.replace('docs/', '')})`,
      id,
      title,
      String(checks.length),
      duration(minutes),
    ]),
  );
  const text = table([['stage', 'milestone', 'what works then', 'checks', 'time'], ...rows]);
  await expect(filled('teach.md', 'milestones', text)).toMatchFileSnapshot(join(docs, 'teach.md'));
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
