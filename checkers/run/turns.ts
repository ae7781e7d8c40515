/** Checks run in parallel. One that must run alone waits until the others have finished, and holds new ones back. */
export class Turns {
  #running = 0;
  #isAlone = false;
  #waiting: (() => void)[] = [];

  /** Runs the work in parallel with other work. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.#isAlone) await this.#change();
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#changed();
    }
  }

  /** Runs the work while no other work runs. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#isAlone) await this.#change();
    this.#isAlone = true;
    try {
      while (this.#running > 0) await this.#change();
      return await work();
    } finally {
      this.#isAlone = false;
      this.#changed();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
