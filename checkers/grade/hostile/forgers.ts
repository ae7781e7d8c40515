/** Try to get a mark without the work: forged reports, borrowed solutions, guessed answers, changed tools. */
import { root } from '../../root.ts';
import { besides, type Hostile } from './hostile.ts';
import { server } from './solutions.ts';

const FORGED = JSON.stringify({
  ...{ score: 100, status: 'pass', broken: null, notes: [] },
  milestones: [{ id: '1.1', ms: 1, checks: [{ json: { id: 'listening', status: 'pass' }, attempts: ['pass'] }] }],
});

/** A server that answers every line with the same words. */
const canned = `import { createServer } from 'node:net';
createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('olleh\\n'));
}).listen(Number(process.env.PORT), '127.0.0.1');`;

export const forgers: Hostile[] = [
  {
    id: 'exits-at-once',
    does: 'exits with code 0 at once',
    stage: 1,
    files: { 'server.ts': 'process.exit(0);' },
    deserves: 'none',
    words: /exit code 0/,
  },
  {
    id: 'blames-its-sandbox',
    does: 'prints the messages of a sandbox that failed to start, to avoid a mark',
    stage: 1,
    files: { 'server.ts': "console.error('bwrap: Creating new namespace failed'); process.exit(1);" },
    deserves: 'none',
    words: /exit code 1/,
  },
  {
    id: 'exits-after-one',
    does: 'exits with code 0 after the first connection',
    stage: 1,
    files: {
      'server.ts': `import { createServer } from 'node:net';
createServer(() => process.exit(0)).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
  },
  {
    id: 'forged-report',
    does: 'prints reports of success in every format, and commands for the service that runs it',
    stage: 1,
    files: {
      'server.ts': `console.log('TAP version 14\\n1..1\\nok 1 - all\\nPASS\\n::set-output name=result::${'x'}\\n##[section]ok');
console.log(${JSON.stringify(FORGED)});
console.error('<testsuites failures="0"/></pre><script>alert(1)</script>\\u001b[2J\\u0000');`,
    },
    deserves: 'none',
  },
  {
    id: 'writes-descriptors',
    does: 'writes a forged answer to every descriptor, and to files of results',
    stage: 1,
    files: {
      'server.ts': `import { writeFileSync, writeSync } from 'node:fs';
const forged = ${JSON.stringify(FORGED)};
for (let fd = 3; fd < 64; fd += 1) try { writeSync(fd, forged); } catch {}
for (const name of ['results.json', '../results.json', '/autograder/results/results.json', 'grades.csv'])
  try { writeFileSync(name, forged); } catch {}
process.exit(0);`,
    },
    deserves: 'none',
  },
  {
    id: 'imports-the-solution',
    does: 'imports the solution by its path',
    stage: 1,
    files: { 'server.ts': "import { main } from '../../solutions/stage-1-tcp-server/server.ts';\nmain();" },
    deserves: 'none',
    words: /imports the solution/,
  },
  {
    id: 'imports-it-from-the-root',
    does: 'imports the solution by its absolute path, while it runs',
    stage: 1,
    files: { 'server.ts': `await import(${JSON.stringify(`${root}/solutions/stage-1-tcp-server/server.ts`)});` },
    deserves: 'none',
    words: /imports the solution/,
  },
  {
    id: 'imports-by-pattern',
    does: 'imports the solution by a computed path, which a bundler treats as a pattern',
    stage: 1,
    files: {
      'server.ts': `const x = 'server';\nconst m = await import(\`../../solutions/stage-1-tcp-server/\${x}.ts\`);\nm.main();`,
    },
    deserves: 'none',
    words: /imports the solution/,
  },
  {
    id: 'breaks-the-compiler',
    does: 'is nested so deeply that the compiler crashes, to avoid a mark',
    stage: 1,
    files: { 'server.ts': '('.repeat(900_000) },
    deserves: 'none',
    words: /the compiler broke down over this file/,
  },
  {
    id: 'endless-source-map',
    does: 'names an endless file as its source map, and serves',
    stage: 1,
    files: { 'server.ts': besides(server, '//# sourceMappingURL=file:///dev/zero') },
    deserves: 'all',
  },
  {
    id: 'borrows-a-package',
    does: 'lets a package do the work',
    stage: 4,
    files: {
      'proxy.ts':
        "import proxy from 'http-proxy';\nproxy.createServer({ target: 'http://127.0.0.1:3000' }).listen(8080);",
    },
    deserves: 'none',
    words: /'http-proxy' is a package/,
  },
  {
    id: 'canned-answers',
    does: 'gives every client the same answer',
    stage: 1,
    files: { 'server.ts': canned },
    deserves: 'not all',
  },
  {
    id: 'canned-pages',
    does: 'answers like a web server and never asks the upstream',
    stage: 4,
    files: {
      'proxy.ts': `import { createServer } from 'node:net';
createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.end('HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'));
}).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
    words: /upstream/,
  },
  {
    id: 'knows-the-pattern',
    does: 'recognises the messages of the checks, and makes up the answers',
    stage: 4,
    files: {
      'proxy.ts': `import { connect, createServer } from 'node:net';
createServer((socket) => {
  const upstream = connect(Number(process.env.UPSTREAM_PORT), '127.0.0.1');
  for (const end of [socket, upstream]) end.on('error', () => {});
  socket.on('data', (bytes) => {
    const [, who = ''] = /hello from (client \\d+)/.exec(bytes.toString('latin1')) ?? [];
    socket.write(bytes.toString('latin1').replace(who, who.replace('client', 'upstream')), 'latin1');
  });
}).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
  },
  {
    id: 'behaves-when-traced',
    does: 'works only while its system calls are traced',
    stage: 1,
    files: { 'server.ts': besides(server, 'if (!process.env.WORKSHOP_TRACE) process.exit(0);') },
    deserves: 'none',
  },
  {
    id: 'monkey-patches',
    does: 'changes the prototypes and modules that a checker in the same process would use',
    stage: 1,
    files: {
      'server.ts': `import assert from 'node:assert';
import net from 'node:net';
net.connect = net.createServer = (() => { throw new Error('PASS'); }) as never;
Object.assign(assert, { equal() {}, deepStrictEqual() {} });
Array.prototype.every = () => true;
Buffer.prototype.equals = () => true;
JSON.stringify = () => '{"status":"pass"}';
process.exitCode = 0;`,
    },
    deserves: 'none',
  },
  {
    id: 'brings-settings',
    does: 'is right, and brings a package.json, .npmrc, lockfile and tsconfig.json that would change how it is built and run',
    stage: 1,
    files: {
      'server.ts': server,
      'package.json':
        '{"name": "x", "scripts": {"preinstall": "touch /tmp/pwned"}, "imports": {"#linux": "./evil.ts"}}',
      'package-lock.json':
        '{"lockfileVersion": 3, "packages": {"node_modules/x": {"resolved": "http://127.0.0.1:9/x"}}}',
      '.npmrc': 'node-options=--require=./evil.cjs\nscript-shell=./evil.sh',
      '.env': 'NODE_OPTIONS=--require=./evil.cjs',
      'tsconfig.json': '{"compilerOptions": {"paths": {"#linux": ["./evil.ts"], "node:fs": ["./evil.ts"]}}}',
      'evil.ts': 'process.exit(0); export const socket = 1;',
      'evil.cjs': 'process.exit(0);',
    },
    deserves: 'all',
    words: /Not looked at/,
  },
];
