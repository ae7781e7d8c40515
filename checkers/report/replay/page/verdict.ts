/** The verdict of a check, and the list of checks to choose from. */

import { labels } from '../../labels.ts';
import type { CheckPage, ReplayData } from '../model/page-data.ts';
import { at, h } from './dom.ts';

const SIGNS: Record<CheckPage['status'], string> = { pass: '✓', fail: '✗', flaky: '~', skipped: '-', broken: '!' };
const WORDS = {
  pass: 'passed',
  fail: 'failed',
  flaky: 'flaky',
  skipped: 'not judged',
  broken: 'broken',
};
/** These lines are always visible; the others are behind a disclosure. */
const { observed, cause, next, reason, twice, note } = labels;
const FIRST = new Set([observed, cause, next, reason, twice, note]);

/** Shows the verdict; `jump` goes to the step of the failure. */
export function drawVerdict({ status, number, title, findings, listing, wrongAt }: CheckPage, jump: () => void): void {
  const section = at('verdict');
  section.className = `verdict ${status}`;
  const open = findings.filter(([label]) => FIRST.has(label));
  const rest = findings.filter(([label]) => !FIRST.has(label));
  section.replaceChildren(
    h('h2', {}, h('span', { class: 'badge' }, WORDS[status]), ` Check ${number}: ${title}`),
    list(open),
  );
  if (wrongAt !== undefined) {
    const button = h('button', { type: 'button', class: 'jump' }, 'Show the failing moment');
    button.onclick = jump;
    section.append(button);
  }
  if (rest.length + listing.length === 0) return;
  const more = h('details', {}, h('summary', {}, 'The whole verdict'), list(rest));
  if (listing.length > 0)
    more.append(h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Bytes and last words' }, listing.join('\n')));
  section.append(more);
}

function list(findings: CheckPage['findings']): HTMLElement {
  return h(
    'dl',
    { class: 'findings' },
    ...findings.flatMap(([label, text]) => [h('dt', {}, label), h('dd', {}, text)]),
  );
}

/** The checks as a list; `choose` opens one. Returns a function that marks the open one. */
export function drawChecks({ checks }: ReplayData, choose: (index: number) => void): (index: number) => void {
  const buttons = checks.map((check, index) => {
    const words = h('span', { class: 'for-ears' }, `${WORDS[check.status]}: `);
    const sign = h('span', { class: `sign ${check.status}`, 'aria-hidden': 'true' }, SIGNS[check.status]);
    const button = h('button', { type: 'button' }, sign, words, `${check.number}. ${check.title}`);
    button.onclick = () => choose(index);
    return button;
  });
  // A flaky check is in the list twice.
  const count = new Set(checks.map(({ number }) => number)).size;
  const nav = at('checks');
  const details = h(
    'details',
    {},
    h('summary', {}, count === 1 ? '1 check' : `${count} checks`),
    h('ol', {}, ...buttons.map((one) => h('li', {}, one))),
  );
  // A list beside the picture where there is room for one; else behind a word.
  details.toggleAttribute('open', matchMedia('(min-width: 64rem)').matches);
  nav.replaceChildren(details);
  nav.hidden = false;
  return (open) => {
    for (const [index, button] of buttons.entries()) {
      if (index === open) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  };
}
