/** Removes the names of a class from texts. */

interface Named {
  id: string;
  name: string;
  /** how reports call their files */
  file: string;
}

/** Shorter parts of a name are words like any other. */
const SHORTEST_PART = 3;
const word = /[\p{L}\p{N}]+/gu;

/** Replaces whole words only: the student `art` leaves `start` alone. */
export class NameRemover {
  readonly #pseudonyms: Map<string, string>;
  /** what to look for, by its first word in small letters */
  readonly #terms = new Map<string, Term[]>();
  readonly #parts = new Map<string, Map<string, Term[]>>();

  /** @param pseudonyms by student id */
  constructor(students: Named[], pseudonyms: Map<string, string>) {
    this.#pseudonyms = pseudonyms;
    for (const student of students) {
      const { id, name, file } = student;
      for (const term of [id, name, file, ...inOneWord(name)]) add(this.#terms, term, id);
      const own = new Map<string, Term[]>();
      const parts = [...(`${name} ${id}`.match(word) ?? []), ...pairsIn(name)];
      for (const part of parts) if (part.length >= SHORTEST_PART) add(own, part, id);
      this.#parts.set(id, own);
    }
  }

  /** Removes every student's full name and id, and each part of the student's own. */
  remove(said: string, { id }: { id: string }): string {
    const text = said.normalize('NFC');
    const own = this.#parts.get(id);
    let done = '';
    let from = 0;
    for (const { 0: first, index } of text.matchAll(word)) {
      if (index < from) continue;
      const key = first.toLowerCase();
      const terms = [...(this.#terms.get(key) ?? []), ...(own?.get(key) ?? [])];
      const found = terms.filter((term) => standsAt(text, index, term)).sort((a, b) => b.end - a.end)[0];
      if (found === undefined) continue;
      done += text.slice(from, Math.max(from, index - found.before)) + (this.#pseudonyms.get(found.id) ?? '');
      from = index + found.end;
    }
    return done + text.slice(from);
  }
}

/** 'adalovelace', 'lovelaceada' */
function inOneWord(name: string): string[] {
  const parts = name.match(word) ?? [];
  return parts.length < 2 ? [] : [parts.join(''), parts.toReversed().join('')];
}

/** Two parts of a name as files and accounts have them: 'lovelaceada', 'alovelace', 'lovelacea' */
function pairsIn(name: string): string[] {
  const parts = name.match(word) ?? [];
  return parts.flatMap((one) => {
    const [initial = ''] = one;
    const others = parts.filter((other) => other !== one);
    return others.flatMap((other) => [`${one}${other}`, `${initial}${other}`, `${other}${initial}`]);
  });
}

/** The text around the first word: `-rf` is one character before `rf`. */
interface Term {
  text: string;
  before: number;
  /** length from the first word's beginning */
  end: number;
  id: string;
}

function add(terms: Map<string, Term[]>, name: string, id: string): void {
  // Accented letters may be composed or decomposed.
  const text = name.normalize('NFC');
  const first = text.match(new RegExp(word.source, 'u'));
  if (first?.index === undefined) return;
  const key = first[0].toLowerCase();
  const term = { text: text.toLowerCase(), before: first.index, end: text.length - first.index, id };
  terms.set(key, [...(terms.get(key) ?? []), term]);
}

function standsAt(text: string, index: number, { text: wanted, before, end }: Term): boolean {
  if (index < before) return false;
  const found = text.slice(index - before, index + end).toLowerCase();
  return found === wanted && !/^[\p{L}\p{N}]/u.test(text.slice(index + end));
}
