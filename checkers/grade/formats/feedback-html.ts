/** A student's feedback as a page. */
import { labels } from '../../report/labels.ts';
import type { CheckGrade, MilestoneGrade, SubmissionGrade } from '../contract/result.ts';
import type { ReplayLinks } from './feedback-markdown.ts';
import { type Finding, findingsOf } from './findings.ts';
import { html, page } from './page.ts';
import { attemptsSentence, STATUS_WORDS, stageTitle, standingLines, statusInWords } from './standing.ts';

/** The whole page. Output of the submission is escaped. */
export function feedbackHtml(grade: SubmissionGrade, replays: ReplayLinks): string {
  const title = `${stageTitle(grade.stage)}, ${grade.student.name}`;
  const [mark = '', ...others] = standingLines(grade);
  const body = [
    `<header><h1>${html(title)}</h1><p class="mark">${html(mark)}</p></header>`,
    '<main>',
    ...others.map((line) => `<p>${html(line)}</p>`),
    ...grade.milestones.map((milestone) => milestoneHtml(milestone, replays(milestone.id))),
    '</main>',
  ];
  return page(title, body.join('\n'));
}

function milestoneHtml(milestone: MilestoneGrade, replay: string | undefined): string {
  const { id, title, checks } = milestone;
  const heads = Object.values({
    check: 'check',
    title: 'what holds for a correct program',
    result: 'result',
    points: 'points',
  });
  const told = checks.filter(({ status }) => status !== 'pass' && status !== 'skipped');
  return [
    `<section aria-labelledby="m${id}"><h2 id="m${id}">${html(`Milestone ${id}: ${title}`)}</h2>`,
    ...(replay === undefined
      ? []
      : [`<p><a href="${html(replay)}">${html('Walk through what happened, step by step')}</a></p>`]),
    `<div class="scroll" role="region" tabindex="0" aria-labelledby="m${id}">`,
    `<table><thead><tr>${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead><tbody>`,
    ...checks.map(checkRow),
    '</tbody></table></div>',
    ...told.map((check) => checkHtml(id, check)),
    '</section>',
  ].join('\n');
}

function checkRow(check: CheckGrade): string {
  const cells = [html(check.title), `<span class="${check.status}">${html(statusInWords(check))}</span>`];
  const points = `<td class="number">${check.points} of ${check.outOf}</td>`;
  return `<tr><th scope="row">${check.number}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}${points}</tr>`;
}

function checkHtml(milestone: string, check: CheckGrade): string {
  const { number, attempts } = check;
  const tries = attempts.length > 1 ? `<p>${html(attemptsSentence(attempts))}</p>` : '';
  return [
    `<article id="c${milestone}-${number}"><h3>Check ${number} <span class="${check.status}">${STATUS_WORDS[check.status]}</span>: ${html(check.title)}</h3>`,
    tries,
    `<dl>${findingsOf(check).map(findingHtml).join('\n')}</dl></article>`,
  ].join('\n');
}

function findingHtml({ label, lines, kind }: Finding): string {
  const inner =
    kind === 'code'
      ? `<pre tabindex="0">${html(lines.join('\n'))}</pre>`
      : lines.map((line) => `<p>${html(line)}</p>`).join('');
  return `<div${label === labels.cause ? ' class="cause"' : ''}><dt>${label}</dt><dd>${inner}</dd></div>`;
}
