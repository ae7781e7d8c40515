/** The page: one recording at a time, a player that moves through it, and views of the current step. */

import { renamed } from '../model/naming.ts';
import { duration, inWords } from '../model/narration.ts';
import { unpack } from '../model/pack.ts';
import type { LiveData, ReplayData } from '../model/page-data.ts';
import { emptyState } from '../model/state.ts';
import { drawDetails, drawNearby } from './details.ts';
import { at } from './dom.ts';
import { follow } from './follow.ts';
import { drawPicture } from './picture.ts';
import { Player } from './player.ts';
import { SourceView } from './source.ts';
import { Story } from './story.ts';
import { drawChecks, drawVerdict } from './verdict.ts';

const data = JSON.parse(at('data').textContent ?? '') as ReplayData | LiveData;

/** Only a proxy has a live page. */
const role = data.kind === 'replay' ? data.role : 'proxy';

/** Everything that shows one story. */
class Page {
  story = new Story([]);
  wrong: number | undefined;
  readonly player: Player;
  readonly #source: SourceView;

  constructor(sources: Record<string, string>) {
    this.#source = new SourceView(sources);
    this.player = new Player({
      length: () => this.story.length,
      show: (index, forward) => this.show(index, forward),
      valueText: (index) => `step ${index + 1} of ${this.story.length}: ${this.#sentence(index)}`,
    });
  }

  open(story: Story, index: number, wrong?: number): void {
    this.player.stop();
    this.story = story;
    this.wrong = wrong;
    this.player.wrong = wrong;
    this.player.go(index);
  }

  show(index: number, forward: boolean): void {
    const step = this.story.step(index);
    const [before, after] = [this.story.before(index), this.story.after(index)];
    at('count').textContent =
      step === undefined ? '' : `Step ${index + 1} of ${this.story.length}, ${duration(Math.max(0, step.ms))}`;
    at('sentence').textContent = this.#sentence(index);
    at('sentence').classList.toggle('wrong', index === this.wrong);
    drawPicture(at('picture'), { role, step, before, after, lively: forward });
    this.#source.show(step);
    drawDetails(this.story, index);
    drawNearby(this.story, index, this.wrong, (near) => this.player.go(near));
  }

  #sentence(index: number): string {
    const step = this.story.step(index);
    if (step === undefined) return 'There is nothing to walk through here.';
    return renamed(inWords(step, this.story.before(index), this.story.after(index)), role);
  }
}

function openReplay(replay: ReplayData): void {
  const page = new Page(replay.sources);
  const mark = drawChecks(replay, (index) => choose(index));
  const choose = (index: number): void => {
    const check = replay.checks[index];
    if (check === undefined) return;
    mark(index);
    drawVerdict(check, () => page.player.go(check.wrongAt ?? 0));
    page.open(new Story(unpack(check.steps), emptyState(check.upstreamPort)), check.opensAt, check.wrongAt);
  };
  choose(replay.opensAt);
}

at('kicker').textContent = data.kind === 'replay' ? 'Replay' : 'Theatre';
at('judged').textContent = data.kind === 'replay' ? `Judged: ${data.judged}. ${data.note}` : data.note;
if (data.kind === 'replay') openReplay(data);
else follow(new Page(data.sources));
