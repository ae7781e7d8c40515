/** Not hostile, only wrong: honest mistakes. */
import type { Hostile } from './hostile.ts';

export const mistaken: Hostile[] = [
  {
    id: 'nothing-handed-in',
    does: 'is an empty folder',
    stage: 1,
    files: {},
    deserves: 'refused',
    words: /There is no file in it\. Expected: server\.ts/,
  },
  {
    id: 'another-language',
    does: 'is a document instead of a program',
    stage: 4,
    files: { 'essay.docx': 'PK' },
    deserves: 'refused',
    words: /There is no proxy\.ts\. Found instead: 'essay\.docx'/,
  },
  {
    id: 'syntax-error',
    does: 'cannot be read by the compiler',
    stage: 1,
    files: { 'server.ts': 'const = ;\n' },
    deserves: 'none',
    words: /stages\/stage-1-tcp-server\/server\.ts:1:\d+: /,
  },
  {
    id: 'missing-module',
    does: 'imports a file that was not handed in',
    stage: 1,
    files: { 'server.ts': "import './helper.ts';\n", 'helper.ts': '' },
    deserves: 'none',
    words: /'\.\/helper\.ts' is another file/,
  },
  {
    id: 'other-port',
    does: 'listens on a hard-coded port',
    stage: 1,
    files: { 'server.ts': "import { createServer } from 'node:net';\ncreateServer().listen(9999, '127.0.0.1');" },
    deserves: 'none',
    words: /nothing listens/,
    patience: 1,
  },
  {
    id: 'other-family',
    does: 'listens on ::1 alone',
    stage: 1,
    files: {
      'server.ts': "import { createServer } from 'node:net';\ncreateServer().listen(Number(process.env.PORT), '::1');",
    },
    deserves: 'none',
  },
  {
    id: 'crashes-on-connect',
    does: 'throws as soon as a client connects',
    stage: 1,
    files: {
      'server.ts': `import { createServer } from 'node:net';
createServer(() => { throw new Error('no idea what to do'); }).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
    words: /no idea what to do/,
  },
];
