/** report.html: a class on one page. */
import { type ClassGrades, ISOLATION_LEVELS, type SubmissionGrade } from '../contract/result.ts';
import { type FeedbackLink, heatMap } from './heat-map.ts';
import { html, page, pageScript } from './page.ts';
import { plainLine } from './plain.ts';
import { stageTitle } from './standing.ts';
import { checkColumns, commonCauses, distribution, gradedOf, markedOf, median } from './statistics.ts';

/** Maximum number of rows; the rest is in grades.csv. */
const MAX_CAUSES = 15;
const MAX_NAMES = 40;
const SLOWEST = 10;

/**
 * The whole page. It needs no other file; the links lead to the students' feedback.
 *
 * @param integrity URL of the page that compares programs; null: there is none
 */
export function reportHtml(all: ClassGrades, linkTo: FeedbackLink, integrity: string | null = null): string {
  const title = `${stageTitle(all.stage)}: a class of ${all.grades.length}`;
  const body = [
    `<header><h1>${html(title)}</h1>${tiles(all)}</header>`,
    '<main>',
    toLookAt(all, linkTo),
    integrity === null ? '' : `<p><a href="${html(integrity)}">Integrity: programs side by side</a></p>`,
    causes(all, linkTo),
    bins(all),
    heatMap(all, linkTo),
    checks(all),
    slowest(all, linkTo),
    '</main>',
    `<footer>${origins(all)
      .map((line) => `<p>${html(line)}</p>`)
      .join('')}</footer>`,
  ];
  return page(title, body.join('\n'), pageScript('report.js'));
}

function tiles(all: ClassGrades): string {
  const marked = markedOf(all);
  const marks = marked.map(({ points }) => points);
  const full = marked.filter(({ points, outOf }) => points >= outOf).length;
  const count = (status: SubmissionGrade['status']): number => all.grades.filter((one) => one.status === status).length;
  const outOf = marked[0]?.outOf ?? 0;
  const values: [string, string][] = [
    ['median', marked.length === 0 ? '–' : `${median(marks)} of ${outOf}`],
    ['all points', `${full}`],
    ['graded', `${count('graded')}`],
    ['could not be run', `${count('refused')}`],
    ['no mark yet', `${count('broken')}`],
  ];
  return `<dl class="tiles">${values.map(([label, value]) => `<div><dt>${html(label)}</dt><dd>${html(value)}</dd></div>`).join('')}</dl>`;
}

/** What needs a person: marks that are missing, and what was noticed. */
function toLookAt({ grades }: ClassGrades, linkTo: FeedbackLink): string {
  const broken = grades.filter(({ status }) => status === 'broken');
  const noted = grades.filter(({ notes }) => notes.length > 0);
  if (broken.length + noted.length === 0) return '';
  const again = broken.map(
    (grade) => `<li>${link(grade, linkTo)}: ${html(plainLine(grade.problem ?? ''))}${command(grade.again)}</li>`,
  );
  const notes = noted.map((grade) => `<li>${link(grade, linkTo)}: ${html(grade.notes.map(plainLine).join('; '))}</li>`);
  return [
    `<section aria-labelledby="look"><h2 id="look">To look at</h2>`,
    ...(again.length > 0 ? [`<h3>No mark yet: grade these again</h3>`, `<ul>${again.join('\n')}</ul>`] : []),
    ...(notes.length > 0
      ? [
          `<h3>Notes</h3>`,
          folded(
            `${notes.length} ${notes.length === 1 ? 'submission' : 'submissions'} with notes`,
            `<ul>${notes.join('\n')}</ul>`,
          ),
        ]
      : []),
    '</section>',
  ].join('\n');
}

function command(again: string): string {
  return again === '' ? '' : ` <code>${html(plainLine(again))}</code>`;
}

function folded(summary: string, inner: string): string {
  return `<details><summary>${html(summary)}</summary>${inner}</details>`;
}

function causes(all: ClassGrades, linkTo: FeedbackLink): string {
  const common = commonCauses(all);
  const of = Math.max(1, gradedOf(all).length);
  const items = common.slice(0, MAX_CAUSES).map(({ words: cause, students }) => {
    const more = students.length > MAX_NAMES ? ` and ${students.length - MAX_NAMES} more` : '';
    const names = students
      .slice(0, MAX_NAMES)
      .map((grade) => link(grade, linkTo))
      .join(', ');
    return `<li>${bar(students.length / of)}<details><summary>${html(cause)}</summary><p>${names}${html(more)}</p></details></li>`;
  });
  const rest = common.length - items.length;
  return [
    `<section aria-labelledby="causes"><h2 id="causes">What goes wrong most often</h2>`,
    items.length === 0 ? `<p>Nothing: every check was passed.</p>` : `<ol class="causes">${items.join('\n')}</ol>`,
    rest > 0 ? `<p>${html(`${rest} rarer ${rest === 1 ? 'cause is' : 'causes are'} not listed.`)}</p>` : '',
    '</section>',
  ].join('\n');
}

function bins(all: ClassGrades): string {
  const found = distribution(all);
  const most = Math.max(1, ...found.map(({ count }) => count));
  const rows = found.map(
    ({ label, count }) =>
      `<tr><th scope="row">${html(label)}</th><td class="wide">${bar(count / most)}</td><td class="number">${count}</td></tr>`,
  );
  return [
    `<section aria-labelledby="marks"><h2 id="marks">How the marks are spread</h2>`,
    `<table class="bars"><thead><tr><th scope="col">of all points</th><th scope="col"><i>as a bar</i></th><th scope="col">students</th></tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></section>`,
  ].join('\n');
}

function checks(all: ClassGrades): string {
  const heads = ['check', 'what holds for a correct program', 'passed', 'median time'];
  const rows = checkColumns(all).map(
    ({ milestone, number, title, passed, judged, medianMs }) =>
      `<tr><th scope="row">${html(milestone)}.${number}</th><td>${html(title)}</td><td class="number">${html(`${passed} of ${judged}`)}</td><td class="number">${seconds(medianMs)}</td></tr>`,
  );
  return [
    `<section aria-labelledby="checks"><h2 id="checks">Check by check</h2>`,
    '<div class="scroll" role="region" tabindex="0" aria-labelledby="checks"><table><thead><tr>',
    `${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div></section>`,
  ].join('\n');
}

function slowest({ grades }: ClassGrades, linkTo: FeedbackLink): string {
  const rows = grades
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map((grade) => `<tr><th scope="row">${link(grade, linkTo)}</th><td class="number">${seconds(grade.ms)}</td></tr>`);
  return [
    `<section aria-labelledby="slowest"><h2 id="slowest">What took longest</h2>`,
    `<table class="bars"><thead><tr><th scope="col">student</th><th scope="col">time</th></tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></section>`,
  ].join('\n');
}

function link(grade: SubmissionGrade, linkTo: FeedbackLink): string {
  return `<a href="${html(linkTo(grade))}">${html(plainLine(grade.student.id) || '(no name)')}</a>`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** For the eye; the number stands beside it. */
function bar(share: number): string {
  const width = Math.round(share * 1000) / 10;
  return `<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="1"/></svg>`;
}

/** The inputs of the marks: equal inputs give equal marks. */
function origins({ grades }: ClassGrades): string[] {
  const each = (of: (grade: SubmissionGrade) => string): string =>
    [...new Set(grades.map(of))].sort().join(', ') || 'none';
  const weakest = ISOLATION_LEVELS.findLast((level) => grades.some(({ isolation }) => isolation === level));
  return [
    `Isolation: ${weakest ?? 'none'}. Checks: ${each((one) => one.versions.checks)}. Rubric: ${each((one) => one.versions.rubric)}.`,
  ];
}
