import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The file that takes longest; begun last, it would run alone at the end. */
const LONGEST = 'checkers/mutants/mutants.test.ts';

/** What `npm run test:more` runs, so that `npm test` takes about five minutes on two processors. */
const more = [
  'docs/.vitepress/site.test.ts',
  'checkers/report/replay/page.test.ts',
  'checkers/soak/**/*.test.ts',
  'checkers/controls/controls.test.ts',
  'checkers/explain/blocking.test.ts',
  'checkers/run/{forged-trace,leftovers}.test.ts',
  'scripts/docs/{excerpts,sync}.test.ts',
  'checkers/grade/formats/write.test.ts',
  'checkers/grade/{pack,queue}/**/*.test.ts',
  'checkers/grade/{fixed-ports,unusual-programs}.test.ts',
  'checkers/grade/batch/killed.test.ts',
  'scripts/grade/*.test.ts',
  'scripts/{nodes,odd-folders}.test.ts',
];
const everything = ['{linux,stages,solutions,checkers,scripts,docs,assets}/**/*.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(b.moduleId.endsWith(LONGEST)) - Number(a.moduleId.endsWith(LONGEST)));
  }
}

export default defineConfig({
  test: {
    include: process.env.WORKSHOP_TESTS === 'more' ? more : everything,
    exclude: process.env.WORKSHOP_TESTS === 'most' ? ['node_modules/**', ...more] : ['node_modules/**'],
    // A blocking system call stops its whole process, so test files get processes, not threads.
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A list of certificates costs each Node that we start a twentieth of a second; no code here speaks TLS.
    env: { NODE_EXTRA_CA_CERTS: '' },
    // Checks mostly wait: more of them than there are processors go on at the same time.
    maxConcurrency: 6,
    maxWorkers: 3,
    // Tests with real sockets and real time may meet a stalled machine; the report marks those that needed a second try.
    retry: 1,
    sequence: { sequencer: LongestFirst },
  },
});
