/** One step with all details, and its neighbours. */

import { bytesText, callText, resultText } from '../model/call-text.ts';
import { duration, inWords } from '../model/narration.ts';
import type { CallStep, Step } from '../model/steps.ts';
import { at, h } from './dom.ts';
import type { Story } from './story.ts';

/** How many steps before and after this one are listed. */
const AROUND = 4;

export function drawDetails(story: Story, index: number): void {
  const step = story.step(index);
  const rows = step === undefined ? [] : factsOf(step);
  at('details').replaceChildren(...rows.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)]));
}

function factsOf(step: Step): [string, string][] {
  const facts: [string, string][] = [['Time', `${duration(Math.max(0, step.ms))} after the start`]];
  if (step.kind === 'outside') facts.push(['Seen', 'from outside, by the checker']);
  if (step.kind !== 'call') return facts;
  facts.push(['Call', callText(step)]);
  const result = resultText(step);
  facts.push(['Result', result ?? 'not there yet: the call is under way']);
  if (step.took !== undefined) facts.push(['Took', duration(step.took)]);
  if (step.head !== undefined) {
    const { hex, text } = bytesText(step.head);
    facts.push(['First bytes', hex], ['As text', text]);
  }
  if (step.place !== undefined) {
    const { file, line, fn } = step.place;
    facts.push(['Where', `${file}:${line}${fn === '' ? '' : `, in ${fn}()`}`]);
  }
  return facts;
}

/** The steps before and after, each a button that goes there. */
export function drawNearby(story: Story, index: number, wrong: number | undefined, go: (index: number) => void): void {
  const from = Math.max(0, Math.min(index - AROUND, story.length - 2 * AROUND - 1));
  const to = Math.min(story.length, from + 2 * AROUND + 1);
  const list = at('nearby');
  const hadFocus = list.contains(document.activeElement);
  const items: HTMLElement[] = [];
  for (let near = from; near < to; near += 1) {
    const step = story.step(near);
    if (step === undefined) continue;
    const button = h('button', { type: 'button', ...(near === index && { 'aria-current': 'step' }) });
    button.append(
      `${near + 1}. ${step.kind === 'call' ? brief(step) : inWords(step, story.before(near), story.after(near))}`,
    );
    if (near === wrong) button.append(h('span', { class: 'wrong' }, ' here it went wrong'));
    button.onclick = () => go(near);
    items.push(h('li', {}, button));
  }
  list.replaceChildren(...items);
  if (hadFocus) (list.querySelector('[aria-current]') as HTMLElement | null)?.focus();
}

function brief(step: CallStep): string {
  const result = resultText(step);
  return `${callText(step)}${result === undefined ? ' …' : ` = ${result}`}`;
}
