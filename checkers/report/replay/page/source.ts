/** The learner's source with the line that made the call. */

import type { Step } from '../model/steps.ts';
import { at, h } from './dom.ts';

const NO_LINE = 'The trace does not say which line of the program made this call.';
const FROM_OUTSIDE = 'This step has no line: it was seen from outside.';

export class SourceView {
  readonly #sources: Record<string, string>;
  #file = '';
  #lines: HTMLElement[] = [];
  #box: HTMLElement | undefined;

  constructor(sources: Record<string, string>) {
    this.#sources = sources;
  }

  /** Shows the source line of a step; for a step without one, the previous line stays, pale. */
  show(step: Step | undefined): void {
    const view = at('source');
    const place = step?.kind === 'call' ? step.place : undefined;
    if (place === undefined) {
      view.classList.add('pale');
      const why = step?.kind === 'call' ? NO_LINE : FROM_OUTSIDE;
      if (this.#file === '') view.replaceChildren(h('p', { class: 'soft' }, why));
      return;
    }
    view.classList.remove('pale');
    const text = Object.hasOwn(this.#sources, place.file) ? this.#sources[place.file] : undefined;
    if (text === undefined) {
      this.#file = '';
      view.replaceChildren(
        h('p', { class: 'soft' }, `${place.file}, line ${place.line}: this file is not part of the page.`),
      );
      return;
    }
    if (this.#file !== place.file) this.#open(view, place.file, text);
    this.#mark(place.line);
  }

  #open(view: HTMLElement, file: string, text: string): void {
    this.#file = file;
    this.#lines = text.split('\n').map((line, index) => {
      const comment = /^\s*(\/\/|\/\*|\*)/.test(line) ? ' comment' : '';
      return h('span', { class: `line${comment}`, 'data-number': String(index + 1) }, `${line}\n`);
    });
    const code = h('code', {}, ...this.#lines);
    this.#box = h('pre', { tabindex: '0', role: 'region', 'aria-label': `Source of ${file}` }, code);
    view.replaceChildren(h('p', { class: 'caption' }, file), this.#box);
  }

  #mark(number: number): void {
    for (const line of this.#lines) line.classList.remove('now');
    const line = this.#lines[number - 1];
    if (line === undefined || this.#box === undefined) return;
    line.classList.add('now');
    // Only the box scrolls, not the page under the reader's eyes.
    this.#box.scrollTop = line.offsetTop - this.#box.clientHeight / 2 + line.clientHeight / 2;
  }
}
