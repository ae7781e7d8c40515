/** integrity.html: what an instructor may want to look at, side by side. */

import type { Student } from '../contract/result.ts';
import { html, page } from '../formats/page.ts';
import { counted } from '../formats/phrases.ts';
import { plainLine } from '../formats/plain.ts';
import type { Integrity, Lines, Pair } from './examine.ts';
import type { Source } from './sources.ts';

/** Pairs that are shown with their code. The others are in the table. */
const MAX_SHOWN = 30;
const MAX_LISTED = 500;

/** The whole page. It needs no other file. Programs are escaped. */
export function integrityHtml(found: Integrity): string {
  const title = `Stage ${found.stage.number}, ${found.stage.title}: integrity`;
  const body = [
    `<header><h1>${html(title)}</h1>`,
    `<p>${html(`${counted(found.compared, 'program')} compared. This page informs: no mark depends on it. Equal code has many reasons; talk with the students before you decide.`)}</p></header>`,
    '<main>',
    ours(found),
    distribution(found),
    pairs(found),
    withoutLinux(found),
    '</main>',
  ];
  return page(title, body.join('\n'));
}

function section(id: string, title: string, ...inner: string[]): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${html(title)}</h2>\n${inner.join('\n')}</section>`;
}

function ours({ ours: all, stage }: Integrity): string {
  const title = 'Text of the course';
  if (all.length === 0) {
    return section(
      'ours',
      title,
      `<p>No hand-in is our solution of stage ${stage.number} or text of the next stage.</p>`,
    );
  }
  const items = all.map(({ student, what, same, share }) => {
    const how = same
      ? 'the same, apart from white space, comments, names, texts and numbers'
      : `${percent(share)} the same`;
    return `<li>${nameOf(student)}: ${html(`${what} (${how})`)}</li>`;
  });
  return section('ours', title, `<ul>${items.join('\n')}</ul>`);
}

function distribution({ distribution: bins, from }: Integrity): string {
  const all = bins.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...bins);
  const rows = bins.map((count, index) => {
    const label = index === 10 ? 'all' : `${index * 10} to ${index * 10 + 9} %`;
    const bar = `<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${((100 * count) / most).toFixed(1)}" height="1"/></svg>`;
    return `<tr><th scope="row">${label}</th><td class="wide">${bar}</td><td class="number">${count}</td></tr>`;
  });
  return section(
    'distribution',
    'How much is usual',
    `<p>${html(`${counted(all, 'pair')}. The skeleton and the code in the lessons, which all students have, are left out; what two programs then have in common is told as a share of the smaller one. Here a pair stands out from ${percent(from)} on.`)}</p>`,
    '<table class="bars"><thead><tr><th scope="col">in common</th><th scope="col"><i>as a bar</i></th><th scope="col">pairs</th></tr></thead>',
    `<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

function pairs({ pairs: all }: Integrity): string {
  const title = 'Programs that are alike';
  if (all.length === 0) return section('pairs', title, '<p>No pair stands out.</p>');
  const rows = all
    .slice(0, MAX_LISTED)
    .map(
      (pair, index) =>
        `<tr><th scope="row">${index < MAX_SHOWN ? `<a href="#p${index + 1}">${index + 1}</a>` : index + 1}</th><td>${nameOf(pair.one.student)}</td><td>${otherOf(pair)}</td><td class="number">${percent(pair.share)}</td></tr>`,
    );
  const more = all.length > MAX_LISTED ? `<p>${all.length - MAX_LISTED} more are not listed.</p>` : '';
  return section(
    'pairs',
    title,
    '<table><thead><tr><th scope="col">pair</th><th scope="col">one</th><th scope="col">other</th><th scope="col">in common</th></tr></thead>',
    `<tbody>${rows.join('\n')}</tbody></table>${more}`,
    ...all.slice(0, MAX_SHOWN).map(sideBySide),
  );
}

function sideBySide(pair: Pair, index: number): string {
  const { one, other, lines, share } = pair;
  return [
    `<article id="p${index + 1}"><h3>Pair ${index + 1}: ${nameOf(one.student)} and ${otherOf(pair)}, ${percent(share)}</h3>`,
    `<details${index < 3 ? ' open' : ''}><summary>side by side; marked lines are in both</summary><div class="side">`,
    ...[[one, lines[0]] as const, [other, lines[1]] as const].map(([source, marked]) => column(source, marked)),
    '</div></details></article>',
  ].join('\n');
}

function column({ student, files }: Source, marked: Lines): string {
  const texts = files.map(({ name, text }) => {
    const lines = text.split('\n').map((line, at) => {
      const number = `<span class="at">${String(at + 1).padStart(4)}</span> `;
      return `${number}${marked.get(name)?.has(at + 1) ? `<mark>${html(line)}</mark>` : html(line)}`;
    });
    return `<h4>${html(plainLine(name))}</h4><pre tabindex="0">${lines.join('\n')}</pre>`;
  });
  return `<div><h4>${nameOf(student)}</h4>${texts.join('\n')}</div>`;
}

function withoutLinux({ withoutLinux: all }: Integrity): string {
  const title = 'Programs without #linux';
  if (all.length === 0) return section('linux', title, '<p>Every program for Node imports #linux.</p>');
  const items = all.map(({ student, imports }) => {
    const what = imports.length === 0 ? 'imports nothing' : `imports ${imports.map(plainLine).join(', ')}`;
    return `<li>${nameOf(student)}: ${html(what)}</li>`;
  });
  return section(
    'linux',
    title,
    '<p>The lessons are about system calls. These programs use what Node brings instead:</p>',
    `<ul>${items.join('\n')}</ul>`,
  );
}

function nameOf({ id, name }: Student): string {
  const [shown, full] = [plainLine(id), plainLine(name)];
  return html(full === '' || full === shown ? shown : `${shown} (${full})`);
}

function otherOf({ other, kept }: Pair): string {
  return `${nameOf(other.student)}${kept ? ' of the library' : ''}`;
}

/** '97 %'; only all is 100. */
function percent(share: number): string {
  return `${share === 1 ? 100 : Math.min(99, Math.round(share * 100))} %`;
}
