import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The file that takes longest; begun last, it would run alone at the end. */
const LONGEST = 'checkers/mutants/mutants.test.ts';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(b.moduleId.endsWith(LONGEST)) - Number(a.moduleId.endsWith(LONGEST)));
  }
}

export default defineConfig({
  test: {
    include: ['{linux,stages,solutions,checkers,scripts,docs,assets}/**/*.test.ts'],
    // A blocking system call stops its whole process, so test files get processes, not threads.
    pool: 'forks',
    testTimeout: 60_000,
    // Checks mostly wait: more of them than there are processors go on at the same time.
    maxConcurrency: 6,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
