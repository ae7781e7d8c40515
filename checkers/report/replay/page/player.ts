/** The position in the recording, and its controls: buttons, the scrubber, keys, automatic play. */
import { at, h, withVariable } from './dom.ts';

const SPEEDS: [name: string, ms: number][] = [
  ['slow', 1600],
  ['normal', 800],
  ['fast', 250],
];

export interface PlayerHooks {
  /** how many steps there are */
  length(): number;
  /** draw this step; `forward`: it follows the one that was drawn last */
  show(index: number, forward: boolean): void;
  /** the scrubber's text for a screen reader */
  valueText(index: number): string;
}

export class Player {
  index = 0;
  /** whether the reader is at the newest step and follows new ones */
  atEnd = true;
  readonly #hooks: PlayerHooks;
  readonly #range = h('input', {
    type: 'range',
    id: 'scrubber',
    min: '0',
    step: '1',
    'aria-label': 'Step',
  }) as HTMLInputElement;
  readonly #play = button('Play', 'play');
  readonly #mark = h('span', { class: 'mark', 'aria-hidden': 'true', hidden: '' });
  readonly #speed = h('select', { id: 'speed', 'aria-label': 'Speed' }) as HTMLSelectElement;
  #timer: ReturnType<typeof setInterval> | undefined;
  #wrong: number | undefined;

  constructor(hooks: PlayerHooks) {
    this.#hooks = hooks;
    const [first, back, next, last] = [
      button('First', 'first'),
      button('Previous', 'previous'),
      button('Next', 'next'),
      button('Last', 'last'),
    ];
    first.onclick = () => this.go(0);
    back.onclick = () => this.go(this.index - 1);
    next.onclick = () => this.go(this.index + 1);
    last.onclick = () => this.go(this.#hooks.length() - 1);
    this.#play.onclick = () => this.toggle();
    this.#range.oninput = () => this.go(this.#range.valueAsNumber);
    for (const [name, ms] of SPEEDS) this.#speed.append(h('option', { value: String(ms) }, name));
    this.#speed.value = '800';
    this.#speed.onchange = () => this.playing && this.#start();
    at('controls').append(
      h('div', { class: 'track' }, this.#range, this.#mark),
      h('div', { class: 'buttons' }, first, back, this.#play, next, last, this.#speed),
    );
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  get playing(): boolean {
    return this.#timer !== undefined;
  }

  /** The step of the mark above the scrubber; undefined: no mark. */
  set wrong(index: number | undefined) {
    this.#wrong = index;
    this.#mark.hidden = index === undefined;
  }

  /** Goes to the step that the reader chose. */
  go(index: number): void {
    this.announce(!this.playing);
    this.move(index);
    this.atEnd = this.index === this.#hooks.length() - 1;
  }

  move(index: number): void {
    const target = Math.max(0, Math.min(index, this.#hooks.length() - 1));
    const forward = target === this.index + 1;
    this.index = target;
    this.refresh();
    this.#hooks.show(target, forward);
  }

  /** Moves the scrubber to the current step. */
  refresh(): void {
    const last = Math.max(0, this.#hooks.length() - 1);
    this.#range.max = String(last);
    this.#range.value = String(this.index);
    this.#range.setAttribute('aria-valuetext', this.#hooks.valueText(this.index));
    if (this.#wrong !== undefined) withVariable(this.#mark, '--at', String(this.#wrong / Math.max(1, last)));
  }

  toggle(): void {
    if (this.playing) this.stop();
    else this.#start();
  }

  #start(): void {
    this.stop();
    if (this.index >= this.#hooks.length() - 1) this.go(0);
    this.#timer = setInterval(() => {
      if (this.index >= this.#hooks.length() - 1) this.stop();
      else this.go(this.index + 1);
    }, Number(this.#speed.value));
    this.#tell();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tell();
  }

  #tell(): void {
    this.#play.textContent = this.playing ? 'Pause' : 'Play';
    this.announce(!this.playing);
  }

  /** Whether a screen reader reads each step out. While steps go by on their own it would never come to an end. */
  announce(on: boolean): void {
    at('sentence').setAttribute('aria-live', on ? 'polite' : 'off');
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const target = event.target as HTMLElement;
    if (target.closest('select, pre') || (target === this.#range && event.key !== ' ')) return;
    if (event.key === ' ' && target.closest('button, summary, a')) return;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.go(this.index - 1),
      ArrowRight: () => this.go(this.index + 1),
      Home: () => this.go(0),
      End: () => this.go(this.#hooks.length() - 1),
      ' ': () => this.toggle(),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    if (event.key !== ' ') this.stop();
    move();
  }
}

function button(text: string, name: string): HTMLButtonElement {
  return h('button', { type: 'button', class: name }, text) as HTMLButtonElement;
}
