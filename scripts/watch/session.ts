/** Carries out what the state machine decides: runs, reports, hints, the replay. */
import { programPath, stageOf } from '../../checkers/course/course.ts';
import { findMilestone } from '../../checkers/course/find.ts';
import { freshSeed } from '../../checkers/harness/payload.ts';
import { headLines } from '../../checkers/report/terminal.ts';
import { CannotRun } from '../../checkers/run/arena.ts';
import { type MilestoneResult, runMilestone } from '../../checkers/run/run.ts';
import { nextLines } from '../hinting.ts';
import { programOf, remember, reportLines } from '../judging.ts';
import { onSave } from './files.ts';
import { Replay } from './replay.ts';
import { keysLine, runningLine, type Screen } from './screen.ts';
import { type Action, type Event, type FailedCheck, type State, step } from './state.ts';

/** Timeout for the cleanup of a cancelled run before we exit, in ms. */
const TIDY_MS = 300;

type RunAction = Action & { type: 'run' };

export class Session {
  #state: State;
  readonly #screen: Screen;
  readonly #replay = new Replay();
  readonly #runs = new Set<Promise<void>>();
  #abort = new AbortController();
  #count = { done: 0, total: 0 };
  /** what the run that has just ended has to say */
  #report: string[] = [];
  #program = '';
  #stopLooking = (): void => {};
  /** settles `ended` */
  #quit = (_error?: unknown): void => {};
  /** resolves when the person wants to leave, rejects when something is broken */
  readonly ended = new Promise<void>((resolve, reject) => {
    this.#quit = (error) => (error === undefined ? resolve() : reject(error));
  });

  constructor(state: State, screen: Screen) {
    this.#state = state;
    this.#screen = screen;
  }

  /** Something happened. */
  on(event: Event): void {
    const { state, actions } = step(this.#state, event);
    this.#state = state;
    for (const action of actions) this.#do(action);
    if (!state.over) this.#bottom();
  }

  /** The terminal has another width now: the line at its bottom has to fit. */
  resized(): void {
    if (!this.#state.over) this.#bottom();
  }

  /** Ends all running work. */
  async close(): Promise<void> {
    this.#screen.end();
    this.#stopLooking();
    this.#abort.abort();
    this.#replay.close();
    const late = new Promise((resolve) => setTimeout(resolve, TIDY_MS).unref());
    await Promise.race([Promise.all(this.#runs), late]);
  }

  #do(action: Action): void {
    if (action.type === 'run') this.#run(action);
    else if (action.type === 'report') this.#screen.print(this.#report);
    else if (action.type === 'hint') this.#hint(action.milestone);
    else if (action.type === 'open') this.#open(action.milestone);
    else if (action.type === 'say') this.#screen.print(['', action.text]);
    else this.#quit();
  }

  #run(action: RunAction): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const running = this.#judge(action, this.#abort.signal)
      .catch((error: unknown) => this.#couldNotRun(error))
      .then((failed) => this.on({ type: 'done', run: action.run, ...(failed && { failed }) }))
      .catch((error: unknown) => this.#quit(error))
      .finally(() => this.#runs.delete(running));
    this.#runs.add(running);
  }

  /** Judges; returns the first check that did not pass. */
  async #judge({ milestone: id, only }: RunAction, signal: AbortSignal): Promise<FailedCheck | undefined> {
    const milestone = findMilestone(id);
    if (milestone === undefined) throw new Error(`there is no milestone ${id}`);
    const stage = stageOf(milestone);
    this.#lookAt(programPath(stage, 'stages'));
    this.#screen.clear();
    const candidate = programOf(milestone, 'learner');
    this.#screen.print(headLines({ stage, milestone, candidate }, this.#screen.columns));
    this.#count = { done: 0, total: only === undefined ? milestone.checks.length : 1 };
    const seed = only?.seed ?? freshSeed();
    const onResult = (): void => {
      if (!signal.aborted) this.#counted();
    };
    const result = await runMilestone({
      milestone,
      candidate,
      seed,
      ...(only && { only: [only.id] }),
      look: true,
      onResult,
      signal,
    });
    return signal.aborted ? undefined : this.#finished(result, only !== undefined);
  }

  #finished(result: MilestoneResult, oneCheck: boolean): FailedCheck | undefined {
    const notes = remember(result);
    const goingOn = !this.#screen.keys ? 'commands' : oneCheck ? 'one-check' : 'keys';
    this.#report = [...reportLines(result, this.#screen.columns, goingOn), ...notes];
    const bad = ['fail', 'flaky'];
    const failed = result.results.find(({ status }) => bad.includes(status));
    return failed && { id: failed.id, seed: result.seed };
  }

  /** Reports a missing file and the like, which the next save may fix. Any other error is our bug. */
  #couldNotRun(error: unknown): undefined {
    if (!(error instanceof CannotRun)) throw error;
    this.#report = [error.message];
  }

  #counted(): void {
    this.#count.done += 1;
    this.#bottom();
  }

  #bottom(): void {
    this.#screen.bottom(this.#state.running ? runningLine(this.#state, this.#count) : keysLine(this.#state));
  }

  #lookAt(program: string): void {
    if (program === this.#program) return;
    this.#stopLooking();
    this.#program = program;
    this.#stopLooking = onSave(program, () => this.on({ type: 'saved' }));
  }

  #hint(milestone: string): void {
    const watched = findMilestone(milestone);
    const asking = { more: 'press h again', ...(watched && { watched }) };
    this.#screen.print(['', ...nextLines(undefined, asking, this.#screen.columns)]);
  }

  #open(milestone: string): void {
    const begun = this.#replay.open(milestone, (text) => this.on({ type: 'news', text }));
    this.#screen.print(['', begun ? 'Making the replay …' : 'The replay is still being made.']);
  }
}
