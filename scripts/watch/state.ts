/**
 * What `npm run watch` does when something happens: from a state and an event to the next state and what is to be done.
 * Nothing in here touches a file, a process or the terminal.
 */

/** What a key asks for. */
export type Wish = 'again' | 'next' | 'hint' | 'filter' | 'open' | 'quit';

/** The check that a run can be narrowed down to, with the bytes that it failed with. */
export interface FailedCheck {
  id: string;
  seed: string;
}

export type Event =
  | { type: 'begin' }
  /** a file of the stage was saved */
  | { type: 'saved' }
  | { type: 'wish'; wish: Wish }
  /** a run came to its end; `failed` is its first check that did not pass */
  | { type: 'done'; run: number; failed?: FailedCheck }
  /** something that was started on the side has news */
  | { type: 'news'; text: string };

export type Action =
  /** ends the run before it, if that still goes on */
  | { type: 'run'; run: number; milestone: string; only?: FailedCheck }
  /** shows the result of the run that has just ended */
  | { type: 'report' }
  | { type: 'hint'; milestone: string }
  | { type: 'open'; milestone: string }
  | { type: 'say'; text: string }
  | { type: 'quit' };

export interface State {
  /** ids of the milestones that `next` goes through, and where we are */
  milestones: string[];
  at: number;
  /** number of the newest run; results of earlier ones are ignored */
  run: number;
  running: boolean;
  /** whether runs are narrowed down to the failed check */
  onlyFailed: boolean;
  /** known since the last run that ended */
  failed?: FailedCheck;
  /** requests about the result, which wait for the end of the run */
  waiting: Event[];
  /** the person has quit: all further events are ignored */
  over: boolean;
}

export interface Step {
  state: State;
  actions: Action[];
}

/** Before the first event. */
export function initialState(milestones: string[], first: string): State {
  const at = Math.max(0, milestones.indexOf(first));
  return { milestones, at, run: 0, running: false, onlyFailed: false, waiting: [], over: false };
}

/** The heart of the watcher. */
export function step(state: State, event: Event): Step {
  if (state.over) return act(state);
  switch (event.type) {
    case 'begin':
    case 'saved':
      return start(state);
    case 'wish':
      return grant(state, event.wish);
    case 'news':
      return state.running ? later(state, event) : act(state, { type: 'say', text: event.text });
    case 'done':
      return event.run === state.run ? finish(state, event.failed) : act(state);
  }
}

function grant(state: State, wish: Wish): Step {
  switch (wish) {
    case 'quit':
      return act({ ...state, over: true }, { type: 'quit' });
    case 'again':
      return start(state);
    case 'next':
      return start({ ...onAllChecks(state), at: (state.at + 1) % state.milestones.length });
    case 'hint':
      return state.running
        ? later(state, { type: 'wish', wish })
        : act(state, { type: 'hint', milestone: here(state) });
    case 'open':
      return state.running
        ? later(state, { type: 'wish', wish })
        : act(state, { type: 'open', milestone: here(state) });
    case 'filter':
      return filter(state);
  }
}

function filter(state: State): Step {
  if (state.onlyFailed) return start({ ...state, onlyFailed: false });
  if (state.failed !== undefined) return start({ ...state, onlyFailed: true });
  if (state.running) return later(state, { type: 'wish', wish: 'filter' });
  return act(state, { type: 'say', text: 'No check has failed, so there is none to run alone.' });
}

function start(state: State): Step {
  const run = state.run + 1;
  const only = state.onlyFailed ? state.failed : undefined;
  return act({ ...state, run, running: true }, { type: 'run', run, milestone: here(state), ...(only && { only }) });
}

function finish(state: State, failed: FailedCheck | undefined): Step {
  const { failed: before, ...rest } = state;
  const passesNow = state.onlyFailed && failed === undefined;
  const ended: State = {
    ...rest,
    ...(failed && { failed }),
    onlyFailed: state.onlyFailed && !passesNow,
    running: false,
    waiting: [],
  };
  const actions: Action[] = [{ type: 'report' }];
  if (passesNow)
    actions.push({ type: 'say', text: `${before?.id ?? 'It'} passes now. The next run takes all checks.` });
  return state.waiting.reduce(continued, { state: ended, actions });
}

/** A new run delays pending requests until its end. */
function continued({ state, actions }: Step, event: Event): Step {
  const next = step(state, event);
  return { state: next.state, actions: [...actions, ...next.actions] };
}

function later(state: State, event: Event): Step {
  return act({ ...state, waiting: [...state.waiting, event] });
}

function act(state: State, ...actions: Action[]): Step {
  return { state, actions };
}

function onAllChecks({ failed, ...rest }: State): State {
  return { ...rest, onlyFailed: false };
}

function here({ milestones, at }: State): string {
  return milestones[at] ?? '';
}
