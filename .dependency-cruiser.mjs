/** Which file may import which: the rooms in CONTRIBUTING.md, from the top down. Run by `npm run lint`. */
import { readFileSync } from 'node:fs';

/** The rows of the picture: rooms that stand side by side import nothing of each other. */
const picture = /^```text rooms\n([\s\S]*?)^```$/m.exec(readFileSync('CONTRIBUTING.md', 'utf8'))?.[1] ?? '';
const rows = picture
  .trim()
  .split('\n')
  .map((row) => row.split(/ {2,}/)[0].split(' · '));
if (rows.length < 2)
  throw new Error('CONTRIBUTING.md has no picture of the rooms: expected a block that begins with "```text rooms"');

/** 'harness' is checkers/harness, 'scripts' a folder at the top, 'root.ts' a file in checkers/. */
const TOP = ['linux', 'scripts', 'stages', 'solutions', 'assets'];
const pathOf = (room) => {
  const place = TOP.includes(room) ? `^${room}` : `^checkers/${room.replaceAll('.', '\\.')}`;
  return room.endsWith('.ts') ? `${place}$` : `${place}/`;
};

/** An empty list would mean any file. */
const NOWHERE = '^$';

function above(row, index, room) {
  return [...rows.slice(0, index).flat(), ...row.filter((other) => other !== room)];
}

const named = rows.flat().map(pathOf);

export default {
  forbidden: [
    { name: 'no-cycle-between-files', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-cycle-between-the-rooms-of-the-grader',
      severity: 'error',
      scope: 'folder',
      from: { path: '^checkers/grade/(?!fixtures)' },
      to: { circular: true, pathNot: '/fixtures' },
    },
    ...rows.flatMap((row, index) =>
      row.map((room) => ({
        name: `${room}-reaches-down-only`,
        comment: 'A room imports from the rows below it in the picture in CONTRIBUTING.md.',
        severity: 'error',
        from: { path: pathOf(room), pathNot: '\\.test\\.ts$' },
        to: { path: [NOWHERE, ...above(row, index, room).map(pathOf)] },
      })),
    ),
    {
      name: 'every-room-in-the-picture',
      severity: 'error',
      from: { path: '^checkers/', pathNot: named },
      to: {},
    },
    {
      name: 'koffi-only-in-linux',
      severity: 'error',
      from: { pathNot: '^linux/|\\.test\\.ts$' },
      to: { path: 'node_modules/koffi' },
    },
    {
      name: 'no-processes-or-sockets-in-words',
      comment: 'These rooms judge and tell; what they know comes from the rooms that look.',
      severity: 'error',
      from: { path: '^checkers/(contract|checks|course|explain)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?(child_process|net|dgram|worker_threads|cluster)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.vue$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
