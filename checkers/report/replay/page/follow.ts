/** The theatre: steps arrive while the reader watches, or looks back. */

import type { LiveStart } from '../model/page-data.ts';
import type { Step } from '../model/steps.ts';
import { at, h } from './dom.ts';
import type { Player } from './player.ts';
import { Story } from './story.ts';

/** How many steps are kept. */
const MAX_STEPS = 3000;
/** A burst of steps is shown one by one, faster for more steps; beyond this number, they are skipped. */
const LONGEST_QUEUE = 150;
const SLOWEST_MS = 250;
const QUEUE_MS = 900;

/** What shows the story. */
interface Page {
  story: Story;
  player: Player;
  open(story: Story, index: number): void;
}

export function follow(page: Page): void {
  const section = at('verdict');
  const status = h('p', { role: 'status' }, 'Waiting for the proxy …');
  section.className = 'verdict live';
  section.replaceChildren(status);
  const events = new EventSource('/events');
  events.addEventListener('start', (event) => {
    const { first, steps } = JSON.parse(event.data) as LiveStart;
    page.open(new Story(steps, first), steps.length - 1);
    status.textContent =
      'Live: click around in your proxy, and watch it work. Step back at any time; Last brings you here again.';
  });
  events.addEventListener('steps', (event) => {
    const dropped = page.story.append(JSON.parse(event.data) as Step[], MAX_STEPS);
    page.player.index = Math.max(0, page.player.index - dropped);
    page.player.refresh();
  });
  const lost = (text: string): void => {
    status.textContent = `${text} What happened up to here is still on this page.`;
  };
  events.addEventListener('end', () => {
    events.close();
    lost('The proxy has ended.');
  });
  events.addEventListener('error', () => lost('The connection to the theatre is lost.'));
  advance(page);
}

/** Moves towards the newest step while the reader follows. */
function advance(page: Page): void {
  const queue = page.story.length - 1 - page.player.index;
  if (queue > 0 && page.player.atEnd && !page.player.playing) {
    page.player.announce(false);
    page.player.move(queue > LONGEST_QUEUE ? page.story.length - 1 : page.player.index + 1);
  }
  setTimeout(() => advance(page), Math.min(SLOWEST_MS, QUEUE_MS / Math.max(1, queue)));
}
