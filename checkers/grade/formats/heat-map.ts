/** Students by checks: a table, so that it can be read aloud, sorted and searched. */
import type { CheckGrade, ClassGrades, SubmissionGrade } from '../result.ts';
import { html } from './page.ts';
import { plainLine } from './plain.ts';
import { type CheckColumn, checkColumns, keyOf } from './statistics.ts';
import { checksOf, markWords } from './words.ts';

/** URL of a student's feedback, relative to the report. */
export type FeedbackLink = (grade: SubmissionGrade) => string;

/** Short, for there may be thousands of them. The sign comes from the style; the words are for those who listen. */
const CELLS: Record<CheckGrade['status'], string> = {
  pass: '<td class=p><i>passed</i>',
  fail: '<td class=f><i>failed</i>',
  unsteady: '<td class=u><i>not the same twice</i>',
  skipped: '<td class=s><i>not judged</i>',
  broken: '<td class=b><i>to be judged again</i>',
};

/** The table and its controls. */
export function heatMap(all: ClassGrades, linkTo: FeedbackLink): string {
  const columns = checkColumns(all);
  return [
    '<section aria-labelledby="map"><h2 id="map">Who passed what</h2>',
    controls(all.grades.length),
    '<p class="legend" aria-hidden="true"><b class=p></b> passed <b class=f></b> failed <b class=u></b> not the same twice',
    '<b class=s></b> not judged, because another has to pass first <b class=b></b> to be judged again</p>',
    '<div class="scroll tall" role="region" tabindex="0" aria-labelledby="map"><table class="map" id="students">',
    headings(columns),
    `<tbody>${all.grades.map((grade, index) => row(grade, index, columns, linkTo)).join('\n')}</tbody></table></div></section>`,
  ].join('\n');
}

function controls(count: number): string {
  return `<p class="controls" id="controls" hidden>
<label>Find <input type="search" id="find" autocomplete="off" placeholder="id or name"></label>
<label>Order <select id="order"><option value="index">by id<option value="points">fewest points first<option value="-points">most points first<option value="-ms">slowest first</select></label>
<span role="status" id="shown">${count} of ${count}</span></p>`;
}

function headings(columns: CheckColumn[]): string {
  const milestones = [...new Set(columns.map(({ milestone }) => milestone))];
  const groups = milestones.map((id) => {
    const span = columns.filter(({ milestone }) => milestone === id).length;
    return `<th scope="colgroup" colspan="${span}">${html(id)}</th>`;
  });
  const numbers = columns.map(
    ({ milestone, number, title }) =>
      `<th scope="col" title="${html(title)}"><i>check ${html(milestone)}.</i>${number}</th>`,
  );
  return `<thead><tr><th scope="col" rowspan="2">student</th><th scope="col" rowspan="2">points</th>${groups.join('')}</tr>
<tr>${numbers.join('')}</tr></thead>`;
}

function row(grade: SubmissionGrade, index: number, columns: CheckColumn[], linkTo: FeedbackLink): string {
  const { student, status, points, ms } = grade;
  const name = plainLine(student.name);
  const id = plainLine(student.id) || '(no name)';
  const label = `<a href="${html(linkTo(grade))}">${html(id)}</a>${name === id || name === '' ? '' : ` ${html(name)}`}`;
  const data = `data-index=${index} data-points=${status === 'broken' ? -1 : points} data-ms=${Math.round(ms)}`;
  return `<tr ${data}><th scope=row>${label}<td class=number>${markWords(grade)}${cells(grade, columns)}`;
}

function cells(grade: SubmissionGrade, columns: CheckColumn[]): string {
  if (grade.status !== 'graded') {
    return `<td colspan=${Math.max(1, columns.length)} class=none>${html(plainLine(grade.problem ?? grade.status))}`;
  }
  const byKey = new Map(checksOf(grade).map((placed) => [keyOf(placed), placed.check]));
  return columns.map(({ key }) => CELLS[byKey.get(key)?.status ?? 'skipped']).join('');
}
