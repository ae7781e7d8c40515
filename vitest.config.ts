import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{linux,stages,solutions,checkers,scripts,docs,assets}/**/*.test.ts'],
    // A blocking system call stops its whole process, so test files get processes, not threads.
    pool: 'forks',
    testTimeout: 60_000,
    maxConcurrency: 4,
  },
});
