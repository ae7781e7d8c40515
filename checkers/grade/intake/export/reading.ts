/** The contract between the readers of single systems and the code that makes submissions of what they find. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../../contract/submission.ts';

/** One attempt of one student, as a system exported it. */
export interface Attempt {
  /** the system's own name for the student: a number, a login */
  id: string;
  name: string;
  /** other words by which a class list may know the student: login, e-mail */
  also: string[];
  /** ISO 8601 with a zone, or without one in the server's local time; null: the export does not tell */
  at: string | null;
  /** orders attempts where the times do not; the highest is the newest */
  order: number;
  /** known to be a later attempt, whose earlier ones are not in the export */
  again?: boolean;
  /** the system marked it late */
  late: boolean;
  parts: Part[];
  /** names of texts that were typed into the system's page, which are not graded */
  texts: string[];
  /** more students who handed this in together */
  partners?: { id: string; name: string; also: string[] }[];
}

/** What a reader made of a folder. */
export interface Reading {
  attempts: Attempt[];
  /** names at the top of the folder that the reader accounts for: hand-ins, and the system's own files */
  known: Set<string>;
  /** older files of a student beside newer ones of the same name, which are not graded */
  older: { id: string; files: number }[];
}

/** A system's reader; null: the folder is not from that system. */
export type Reader = (folder: string, names: string[]) => Reading | null;

/** A reading without attempts, to be filled. */
export function emptyReading(): Reading {
  return { attempts: [], known: new Set(), older: [] };
}

/** Whether a path is a folder; links are not followed. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Names in a folder, in an order that no locale changes; empty where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** Everything in a folder, as parts. */
export function partsIn(folder: string, isOwn: (name: string) => boolean = () => false): Part[] {
  return namesIn(folder).flatMap((name) => (isOwn(name) ? [] : [{ name, path: join(folder, name) }]));
}
