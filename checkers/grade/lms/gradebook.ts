/** A platform's gradebook file: read and written back with its own columns, order, separator, encoding and line ends. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** Why a gradebook cannot be filled; the message says what was expected and what to type. */
export class GradebookError extends Error {}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A gradebook, as a table of texts. */
export interface Gradebook {
  /** the first line */
  heading: string[];
  rows: string[][];
  /** how the file is written */
  form: { encoding: Encoding; mark: boolean; delimiter: string; newline: string; quoted: boolean };
}

/** Reads a gradebook. @throws GradebookError when it is none */
export function readGradebook(path: string): Gradebook {
  const { text, encoding, mark } = decoded(read(path));
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const count = (delimiter: string): number => first.split(delimiter).length;
  const delimiter = [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
  let records: string[][];
  try {
    records = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true }) as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new GradebookError(`${path} is not a CSV file that can be read: ${error.message}.`);
  }
  const [heading, ...rows] = records;
  if (heading === undefined || rows.length === 0) throw new GradebookError(`${path} has no rows of students.`);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return { heading, rows, form: { encoding, mark, delimiter, newline, quoted: first.startsWith('"') } };
}

/** The bytes of a gradebook in its own form. */
export function gradebookBytes({ heading, rows, form }: Gradebook): Buffer {
  const { encoding, mark, delimiter, newline, quoted } = form;
  const text = stringify([heading, ...rows], { delimiter, record_delimiter: newline, quoted });
  const whole = `${mark ? '\ufeff' : ''}${text}`;
  if (encoding === 'utf-16le') return Buffer.from(whole, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(whole, 'utf16le').swap16();
  // Nothing but numbers and our own ASCII is added, so the letters that were there can be written again.
  return encoding === 'windows-1252' ? windows1252(whole) : Buffer.from(whole);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new GradebookError(`The gradebook ${path} cannot be read: ${(error as Error).message}.`);
  }
}

function decoded(bytes: Buffer): { text: string; encoding: Encoding; mark: boolean } {
  const [one, two] = bytes;
  const utf16: Encoding | null =
    one === 0xff && two === 0xfe ? 'utf-16le' : one === 0xfe && two === 0xff ? 'utf-16be' : null;
  if (utf16 !== null) return { text: new TextDecoder(utf16).decode(bytes), encoding: utf16, mark: true };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const mark = text.startsWith('\ufeff');
    return { text: mark ? text.slice(1) : text, encoding: 'utf-8', mark };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252', mark: false };
  }
}

/** Windows-1252 differs from Latin 1 in 32 places. */
function windows1252(text: string): Buffer {
  const decoder = new TextDecoder('windows-1252');
  const codes = new Map(Array.from({ length: 256 }, (_, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Buffer.from(Array.from(text, (letter) => codes.get(letter) ?? 0x3f));
}
