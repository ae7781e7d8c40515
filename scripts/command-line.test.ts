import { describe, expect, it } from 'vitest';
import { didYouMean, readWords, type Vocabulary, type Words, WordsError } from './command-line.ts';

const vocabulary: Vocabulary = {
  switches: ['solution', 'json'],
  options: ['only', 'seed', 'command'],
  plain: 1,
  isPlain: (word) => /^\d+(\.\d+)?$/.test(word),
};

function read(...words: string[]): Words {
  return readWords(words, vocabulary);
}

function complaint(...words: string[]): string {
  try {
    read(...words);
  } catch (error) {
    expect(error).toBeInstanceOf(WordsError);
    return (error as WordsError).message;
  }
  throw new Error(`'${words.join(' ')}' was taken`);
}

describe('words and flags of the same name', () => {
  it.each([
    [['1', 'solution', 'only', '3', 'seed', '7f3a']],
    [['1', '--solution', '--only', '3', '--seed', '7f3a']],
    [['1', '--solution', '--only=3', '--seed=7f3a']],
    [['--seed=7f3a', 'only', '3', '--solution', '1']],
  ])('mean the same in %j', (words) => {
    expect(read(...words)).toEqual({
      switches: new Set(['solution']),
      options: new Map([
        ['only', '3'],
        ['seed', '7f3a'],
      ]),
      plain: ['1'],
    });
  });
});

it('accepts an empty command line', () => {
  expect(read()).toEqual({ switches: new Set(), options: new Map(), plain: [] });
});

describe('a value', () => {
  it('may be a whole command line, with = and dashes in it', () => {
    const command = './my-proxy --listen=8080 solution';
    expect(read('--command', command).options.get('command')).toBe(command);
    expect(read(`--command=${command}`).options.get('command')).toBe(command);
  });

  it('may be a word that means something elsewhere', () => {
    const words = read('only', 'solution');
    expect(words.options.get('only')).toBe('solution');
    expect(words.switches.size).toBe(0);
  });

  it('is the last one if the word occurs twice', () => {
    expect(read('seed', '1', 'seed', '2').options.get('seed')).toBe('2');
  });

  it.each([[['only']], [['1', '--seed']], [['--seed=']]])('that is missing in %j is asked for', (words) => {
    expect(complaint(...words)).toMatch(/^'(only|seed)' needs a value after it\.$/);
  });
});

describe('an unknown word', () => {
  it.each([
    ['solutoin', 'solution'],
    ['--solutions', 'solution'],
    ['jsn', 'json'],
    ['--comand=x', 'command'],
  ])('such as %s is named, with the nearest one: %s', (typed, meant) => {
    expect(complaint('1', typed)).toContain(`Did you mean '${meant}'?`);
  });

  it('that is near to nothing brings the list of those that there are', () => {
    expect(complaint('bananas')).toBe("Unknown argument 'bananas'. It knows: solution, json, only, seed, command.");
  });

  it('includes a surplus number', () => {
    expect(complaint('1', '2')).toContain("'2'");
  });

  it.each([
    [['1', '2'], "Unexpected argument '2': this command takes only one of that kind, a milestone such as 4.1."],
    [['one'], "Unknown argument 'one'. It knows: a milestone such as 4.1, solution."],
  ])('in %j is told what the other kind of word is', (typed, message) => {
    const named = { ...vocabulary, switches: ['solution'], options: [], plainName: 'a milestone such as 4.1' };
    expect(() => readWords(typed, named)).toThrow(new WordsError(message));
  });

  it('includes a flag, even where any plain word is allowed', () => {
    const anything = { switches: [], options: [], plain: 1 };
    expect(readWords(['x'], anything).plain).toEqual(['x']);
    expect(() => readWords(['--x'], anything)).toThrow(WordsError);
  });
});

it('suggests nothing without a similar word', () => {
  expect(didYouMean('x', [])).toBe('');
  expect(didYouMean('bananas', ['only'])).toBe('');
});
