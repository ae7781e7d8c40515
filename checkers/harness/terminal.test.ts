import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

it('types written bytes, shows printed ones, and ends with the output', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal(input, output);
  terminal.write('abc\n');
  terminal.end();
  output.end('cba\n');
  expect((await input.toArray()).join('')).toBe('abc\n');
  expect((await terminal.toArray()).join('')).toBe('cba\n');
});

it('survives a program that reads no more', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal(input, output);
  input.destroy(new Error('EPIPE'));
  await new Promise((resolve) => terminal.write('abc\n', resolve));
  output.end();
  expect(await terminal.toArray()).toEqual([]);
});
