/** As much of Node's EventEmitter as sockets need. */

// biome-ignore lint/suspicious/noExplicitAny: each event has arguments of its own, as in Node.
type Listener = (...args: any[]) => void;

export class Emitter {
  #listeners = new Map<string, { listener: Listener; once: boolean }[]>();

  on(event: string, listener: Listener): this {
    return this.#add(event, listener, false);
  }

  once(event: string, listener: Listener): this {
    return this.#add(event, listener, true);
  }

  #add(event: string, listener: Listener, once: boolean): this {
    const list = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...list, { listener, once }]);
    return this;
  }

  off(event: string, listener: Listener): this {
    const list = this.#listeners.get(event) ?? [];
    this.#listeners.set(
      event,
      list.filter((entry) => entry.listener !== listener),
    );
    return this;
  }

  removeAllListeners(): this {
    this.#listeners.clear();
    return this;
  }

  emit(event: string, ...args: unknown[]): boolean {
    const list = this.#listeners.get(event) ?? [];
    for (const { listener, once } of list) {
      if (once) this.off(event, listener);
      listener(...args);
    }
    return list.length > 0;
  }
}
