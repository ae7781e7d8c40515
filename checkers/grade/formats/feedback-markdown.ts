/** A student's feedback as markdown. */
import type { SubmissionGrade } from '../contract/result.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type PlacedCheck, placeOf } from './phrases.ts';
import { plainLine } from './plain.ts';
import { attemptsSentence, STATUS_WORDS, stageTitle, standingLines, statusInWords } from './standing.ts';

/** URL of a milestone's replay, relative to the page, if there is one. */
export type ReplayLinks = (milestone: string) => string | undefined;

/** The whole page. Output of the submission is escaped. */
export function feedbackMarkdown(grade: SubmissionGrade, replays: ReplayLinks): string {
  const parts = [
    `# ${inline(`${stageTitle(grade.stage)}, ${grade.student.name}`)}`,
    standingLines(grade).map(inline).join('\n\n'),
    ...grade.milestones.flatMap((milestone) => [
      `## ${inline(`Milestone ${milestone.id}: ${milestone.title}`)}`,
      ...replayLine(replays(milestone.id)),
      table(milestone.checks.map((check) => ({ milestone, check }))),
      ...milestone.checks
        .filter(({ status }) => status !== 'pass' && status !== 'skipped')
        .map((check) => checkSection({ milestone, check })),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function replayLine(url: string | undefined): string[] {
  return url === undefined ? [] : [`[${inline('Walk through what happened, step by step')}](<${url}>)`];
}

function table(checks: PlacedCheck[]): string {
  const rows = checks.map(({ check }) => {
    return `| ${check.number} | ${inline(check.title)} | ${inline(statusInWords(check))} | ${check.points} of ${check.outOf} |`;
  });
  const heads = Object.values({
    check: 'check',
    title: 'what holds for a correct program',
    result: 'result',
    points: 'points',
  }).map(inline);
  return [`| ${heads.join(' | ')} |`, '| ---: | --- | --- | ---: |', ...rows].join('\n');
}

function checkSection(placed: PlacedCheck): string {
  const { check } = placed;
  const head = `### ${inline(`${placeOf(placed)}, ${STATUS_WORDS[check.status]}: ${check.title}`)}`;
  const tries = check.attempts.length > 1 ? [inline(attemptsSentence(check.attempts))] : [];
  return [head, ...tries, ...findingsOf(check).map(paragraph)].join('\n\n');
}

function paragraph({ label, lines, kind }: Finding): string {
  if (kind === 'code') return `**${label}:**\n\n${fenced(lines)}`;
  if (lines.length === 1) return `**${label}:** ${inline(lines[0] ?? '')}`;
  return `**${label}:**\n\n${lines.map((line) => `- ${inline(line)}`).join('\n')}`;
}

/** A code block that its content cannot close: its fence is longer than any within. */
function fenced(lines: string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** Text on one line without markup, links or @-mentions. */
export function inline(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_[\]<>&~|$]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bwww)\.|@/gi, '\\$&')
    .replace(/^([-+#=]|\d+(?=[.)](?:\s|$)))/, (start) => (/^\d/.test(start) ? `${start}\\` : `\\${start}`));
}
