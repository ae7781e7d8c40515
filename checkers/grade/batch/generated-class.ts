/** A class of any size for trying the grader: solutions, skeletons and wrong programs, the same ones for the same seed. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import { skeletonOf, solutionOf } from '../../course/skeleton.ts';
import { mutants } from '../../mutants/index.ts';
import { mutantSource } from '../../mutants/mutant.ts';
import { inWords, makeFolder } from '../contract/durable.ts';

/** Out of 20 students: how many hand in the solution, and how many the skeleton; the others have a bug. */
const SOLUTIONS = 9;
const SKELETONS = 2;
const OF = 20;

/** The hand-in of one generated student. */
export interface Generated {
  id: string;
  /** 'solution', 'skeleton' or the name of a wrong program */
  program: string;
}

/** Assigns a program to each student. */
export function generatedClass(stage: Stage, count: number, seed: string): Generated[] {
  const ids = stage.milestones.map(({ id }) => id);
  const wrong = mutants.filter(({ milestone }) => ids.includes(milestone)).map(({ id }) => id);
  const width = Math.max(4, String(count).length);
  return Array.from({ length: count }, (_, index) => {
    const [kind, which, name] = numbers(`${seed} ${index}`);
    const id = `student-${String(index + 1).padStart(width, '0')}-${name.toString(36).padStart(4, '0').slice(-4)}`;
    if (kind % OF < SOLUTIONS) return { id, program: 'solution' };
    if (kind % OF < SOLUTIONS + SKELETONS) return { id, program: 'skeleton' };
    return { id, program: wrong[which % wrong.length] ?? 'skeleton' };
  });
}

function numbers(text: string): [number, number, number] {
  const bytes = createHmac('sha256', 'class').update(text).digest();
  return [bytes.readUInt32BE(0), bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
}

/**
 * Writes the class: a folder for each, with the stage's file in it.
 *
 * @returns who handed in what
 * @throws BatchError when it cannot be written
 */
export function writeGeneratedClass(stage: Stage, count: number, seed: string, folder: string): Generated[] {
  const all = generatedClass(stage, count, seed);
  const sources = new Map<string, string>();
  for (const { id, program } of all) {
    const source = sources.get(program) ?? sourceOf(stage, program);
    sources.set(program, source);
    const path = join(folder, id);
    makeFolder(path);
    try {
      writeFileSync(join(path, stage.file), source);
    } catch (error) {
      throw inWords(error, path);
    }
  }
  return all;
}

/** The program that a generated student hands in. */
export function sourceOf(stage: Stage, program: string): string {
  if (program === 'solution') return solutionOf(stage);
  if (program === 'skeleton') return skeletonOf(stage);
  const mutant = mutants.find(({ id }) => id === program);
  if (mutant === undefined) throw new Error(`there is no wrong program ${program}`);
  return mutantSource(mutant);
}
