/** Students by checks: a table, so that it can be read aloud, sorted and searched. */

import type { CheckGrade, ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { html } from './page.ts';
import { checksOf, markWords } from './phrases.ts';
import { plainLine } from './plain.ts';
import { STATUS_WORDS } from './standing.ts';
import { type CheckColumn, checkColumns, keyOf } from './statistics.ts';

/** URL of a student's feedback, relative to the report. */
export type FeedbackLink = (grade: SubmissionGrade) => string;

/** Short, since there may be thousands. The symbol comes from the style sheet; the words are for screen readers. */
const CELLS: Record<CheckGrade['status'], string> = {
  pass: `<td class=p><i>${STATUS_WORDS.pass}</i>`,
  fail: `<td class=f><i>${STATUS_WORDS.fail}</i>`,
  flaky: `<td class=u><i>${STATUS_WORDS.flaky}</i>`,
  skipped: `<td class=s><i>${STATUS_WORDS.skipped}</i>`,
  broken: `<td class=b><i>${STATUS_WORDS.broken}</i>`,
};

/** The table and its controls. */
export function heatMap(all: ClassGrades, linkTo: FeedbackLink): string {
  const columns = checkColumns(all);
  return [
    `<section aria-labelledby="map"><h2 id="map">${html('Results of each student')}</h2>`,
    controls(all.grades.length),
    `<p class="legend" aria-hidden="true">${signs()}</p>`,
    '<div class="scroll tall" role="region" tabindex="0" aria-labelledby="map"><table class="map" id="students">',
    headings(columns),
    `<tbody>${all.grades.map((grade, index) => row(grade, index, columns, linkTo)).join('\n')}</tbody></table></div></section>`,
  ].join('\n');
}

function signs(): string {
  const all = [
    ['p', STATUS_WORDS.pass],
    ['f', STATUS_WORDS.fail],
    ['u', STATUS_WORDS.flaky],
    ['s', 'not judged, because another has to pass first'],
    ['b', STATUS_WORDS.broken],
  ];
  return all.map(([sign, means = '']) => `<b class=${sign}></b> ${html(means)}`).join(' ');
}

function controls(count: number): string {
  const orders = [
    ['index', 'by id'],
    ['points', 'fewest points first'],
    ['-points', 'most points first'],
    ['-ms', 'slowest first'],
  ];
  return `<p class="controls" id="controls" hidden>
<label>${html('Find')} <input type="search" id="find" autocomplete="off" placeholder="${html('id or name')}"></label>
<label>${html('Order')} <select id="order">${orders.map(([value, order = '']) => `<option value="${value}">${html(order)}`).join('')}</select></label>
<span role="status" id="shown" data-words="${html('{shown} of {all}')}">${html(`${count} of ${count}`)}</span></p>`;
}

function headings(columns: CheckColumn[]): string {
  const milestones = [...new Set(columns.map(({ milestone }) => milestone))];
  const groups = milestones.map((id) => {
    const span = columns.filter(({ milestone }) => milestone === id).length;
    return `<th scope="colgroup" colspan="${span}">${html(id)}</th>`;
  });
  const numbers = columns.map(
    ({ milestone, number, title }) =>
      `<th scope="col" title="${html(title)}"><i>${html(`check ${milestone}.`)}</i>${number}</th>`,
  );
  return `<thead><tr><th scope="col" rowspan="2">${html('student')}</th><th scope="col" rowspan="2">${html('points')}</th>${groups.join('')}</tr>
<tr>${numbers.join('')}</tr></thead>`;
}

function row(grade: SubmissionGrade, index: number, columns: CheckColumn[], linkTo: FeedbackLink): string {
  const { student, points, ms } = grade;
  const name = plainLine(student.name);
  const id = plainLine(student.id) || '(no name)';
  const label = `<a href="${html(linkTo(grade))}">${html(id)}</a>${name === id || name === '' ? '' : ` ${html(name)}`}`;
  const data = `data-index=${index} data-points=${grade.status === 'broken' ? -1 : points} data-ms=${Math.round(ms)}`;
  return `<tr ${data}><th scope=row>${label}<td class=number>${markWords(grade)}${cells(grade, columns)}`;
}

function cells(grade: SubmissionGrade, columns: CheckColumn[]): string {
  if (grade.status !== 'graded') {
    return `<td colspan=${Math.max(1, columns.length)} class=none>${html(plainLine(grade.problem ?? grade.status))}`;
  }
  const byKey = new Map(checksOf(grade).map((placed) => [keyOf(placed), placed.check]));
  return columns.map(({ key }) => CELLS[byKey.get(key)?.status ?? 'skipped']).join('');
}
