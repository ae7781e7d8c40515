/** Finds the learner's line behind a place in the script that was made of it. See the source map format, ECMA-426. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A place in a source. */
export interface SourcePlace {
  /** path as the map names it */
  source: string;
  /** from 1 on */
  line: number;
  /** from 1 on */
  column: number;
}

/** From a column on, what the script was made of. */
type Segment = [column: number, source: number, line: number, sourceColumn: number];

export class SourceMap {
  readonly #sources: string[];
  readonly #contents: string[];
  readonly #lines: Segment[][];

  /** @param json the map */
  constructor(json: string) {
    const { sources, sourcesContent, mappings } = JSON.parse(json) as Record<string, unknown>;
    this.#sources = sources as string[];
    this.#contents = (sourcesContent ?? []) as string[];
    this.#lines = decode(String(mappings));
  }

  /** @param line and column of the script, from 1 on */
  find(line: number, column: number): SourcePlace | undefined {
    const segment = this.#lines[line - 1]?.findLast(([from]) => from <= column - 1);
    if (segment === undefined) return undefined;
    const source = this.#sources[segment[1]];
    return source === undefined ? undefined : { source, line: segment[2] + 1, column: segment[3] + 1 };
  }

  /** A line of a source; '' if the map does not have it. */
  lineOf({ source, line }: SourcePlace): string {
    return this.#contents[this.#sources.indexOf(source)]?.split('\n')[line - 1] ?? '';
  }
}

function decode(mappings: string): Segment[][] {
  let [source, line, sourceColumn] = [0, 0, 0];
  return mappings.split(';').map((group) => {
    let column = 0;
    return group.split(',').flatMap((text) => {
      const [columns = 0, sources, lines = 0, sourceColumns = 0] = numbersIn(text);
      column += columns;
      if (sources === undefined) return [];
      source += sources;
      line += lines;
      sourceColumn += sourceColumns;
      return [[column, source, line, sourceColumn] satisfies Segment];
    });
  });
}

/** Numbers in base 64, five bits a digit; the lowest bit of each number is its sign. */
function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
