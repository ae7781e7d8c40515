/** Diagrams of timelines: examples, and properties of every diagram. */
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../contract/check.ts';
import { bytesText, LEAST_COLUMNS, sequenceDiagram } from './diagram.ts';
import { chooseRows } from './folding.ts';

/** '476 client 1 sends 36' */
function entry(line: string): TimelineEntry {
  const [, ms, who = '', what = '', bytes] = /^(\d+) (program|\w+ \d+) (\w+) ?(\d+)?$/.exec(line) ?? [];
  const known = { ms: Number(ms), who, what: what as TimelineEntry['what'] };
  return bytes === undefined ? known : { ...known, bytes: Number(bytes) };
}

function timeline(...lines: string[]): TimelineEntry[] {
  return lines.map(entry);
}

const start = ['0 program starts', '112 program listens', '115 client 1 connects', '116 upstream 1 accepts'];

/** The same numbers in every run, without a pattern. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

function randomTimeline(seed: number): TimelineEntry[] {
  const next = random(seed);
  const kinds = ['connects', 'accepts', 'sends', 'receives', 'fin', 'rst', 'closes', 'resets'] as const;
  const people = [1, 3, 400][next(3)] ?? 1;
  const pattern = Array.from({ length: 1 + next(12) }, () => [next(2), next(kinds.length)] as const);
  const regular = next(3) > 0;
  return Array.from({ length: 1 + next(600) }, (_, index) => {
    const [side, kind] = regular ? (pattern[index % pattern.length] ?? [0, 0]) : [next(2), next(kinds.length)];
    const what = kinds[kind] ?? 'sends';
    const who = next(50) === 0 ? 'program' : `${side === 0 ? 'client' : 'upstream'} ${1 + next(people)}`;
    if (who === 'program') return { ms: index * 3.7, who, what: 'exits' as const };
    const bytes = next(4) === 0 ? next(20) : next(80_000_000);
    return { ms: index * 3.7, who, what, ...((what === 'sends' || what === 'receives') && { bytes }) };
  });
}

describe('a diagram', () => {
  it('has three columns, times, bytes and a mark', () => {
    const lines = sequenceDiagram(
      timeline(...start, '117 client 1 sends 36', '118 upstream 1 receives 36', '119 upstream 1 sends 2621440'),
      { columns: 78, mark: 'none of them came, then nothing for 5 s' },
    );
    expect(lines).toEqual([
      '     ms client                    your proxy                   upstream',
      '      0    │                        starts                         │',
      '    112    │                        listens                        │',
      '    115    │── connects ──────────────>│                           │',
      '    116    │                           │                   accepts │',
      '    117    │── sends 36 bytes ────────>│                           │',
      '    118    │                           │───────── gets 36 bytes ──>│',
      '    119    │                           │<───────── sends 2.5 MiB ──│ <-- here',
      '                                       none of them came, then nothing for 5 s',
    ]);
  });

  it('shows FIN and RST, and which side sent it', () => {
    const lines = sequenceDiagram(
      timeline(...start, '9 client 1 closes', '9 upstream 1 fin', '9 upstream 1 rst', '9 client 1 resets'),
      { columns: 70, mark: false },
    );
    expect(lines.slice(-4)).toEqual([
      '      9    │── closes ────────────>│                       │',
      '      9    │                       │── FIN ───────────────>│',
      '      9    │                       │── RST ───────────────>│',
      '      9    │── resets (RST) ──────>│                       │',
    ]);
  });

  it('has no arrow for an event that only one end knows of: an accept, a start, a listening socket, an exit', () => {
    const several = timeline(...start, '117 upstream 2 accepts', '118 program exits');
    for (const columns of [LEAST_COLUMNS, 78, 94]) {
      const lines = sequenceDiagram(several, { columns, mark: false });
      const facts = lines.filter((line) => /starts|listens|accepts|exits/.test(line));
      expect(facts).toHaveLength(5);
      expect(facts.filter((line) => /[─<>]/.test(line))).toEqual([]);
      expect(lines.filter((line) => line.endsWith('accepts │'))).toHaveLength(2);
    }
  });

  it.each([
    ['client 1 connects', /│── connects ─+>│ +│$/],
    ['client 1 sends 5', /│── sends 5 bytes ─+>│ +│$/],
    ['client 1 finishes', /│── ends \(FIN\) ─+>│ +│$/],
    ['client 1 closes', /│── closes ─+>│ +│$/],
    ['client 1 resets', /│── resets \(RST\) ─+>│ +│$/],
    ['client 1 receives 5', /│<── gets 5 bytes ─+│ +│$/],
    ['client 1 fin', /│<─+ FIN ──│ +│$/],
    ['client 1 rst', /│<─+ RST ──│ +│$/],
    ['upstream 1 accepts', /│ +│ +accepts │$/],
    ['upstream 1 sends 5', /│ +│<─+ sends 5 bytes ──│$/],
    ['upstream 1 finishes', /│ +│<─+ ends \(FIN\) ──│$/],
    ['upstream 1 closes', /│ +│<─+ closes ──│$/],
    ['upstream 1 resets', /│ +│<─+ resets \(RST\) ──│$/],
    ['upstream 1 receives 5', /│ +│─+ gets 5 bytes ──>│$/],
    ['upstream 1 fin', /│ +│── FIN ─+>│$/],
    ['upstream 1 rst', /│ +│── RST ─+>│$/],
  ])('says who acts, at that end, towards the other: %s', (line, drawn) => {
    expect(sequenceDiagram(timeline(`5 ${line}`), { columns: 78, mark: false })[1]).toMatch(drawn);
  });

  it("has the accept at the server's end, not at the client's", () => {
    const cast = { left: 'terminal', middle: 'your client', right: 'server' };
    const lines = sequenceDiagram(timeline('5 server 1 accepts'), { columns: 78, cast, mark: false });
    expect(lines[1]).toMatch(/│ +│ +accepts │$/);
  });

  it('names the clients when there are several, and shows the exit of the program', () => {
    const lines = sequenceDiagram(timeline(...start, '9 client 2 connects', '12 program exits'), { columns: 60 });
    expect(lines[3]).toBe('    115    │── 1: connects ──>│                  │');
    expect(lines.at(-1)).toMatch(/^ {5}12 {4}│ +exits +│ <-- here$/);
  });

  it('folds repetitions, and sums up bytes that arrived', () => {
    const transfer = Array.from({ length: 60 }, (_, index) => [
      `${200 + index} client 1 receives 65536`,
      `${200 + index} upstream 1 receives 65536`,
    ]).flat();
    const lines = sequenceDiagram(timeline(...start, ...transfer), { columns: 78 });
    expect(lines.filter((line) => line.includes('… 55 more like these, 6.8 MiB in all until 255 ms'))).toHaveLength(1);
    expect(lines.length).toBeLessThanOrEqual(24);
  });

  it('folds the middle of a long timeline without repetitions, and says how many events that are', () => {
    const jumble = Array.from({ length: 300 }, (_, index) => {
      return `${200 + index} client ${1 + ((index * 7) % 50)} ${index % 3 === index % 5 ? 'sends 9' : 'receives 8'}`;
    });
    const lines = sequenceDiagram(timeline(...start, ...jumble), { columns: 78 });
    expect(lines.filter((line) => /… \d+ more events \(clients \d+ to 50\) until \d+ ms/.test(line))).toHaveLength(1);
  });

  it('has no lines for no events, and marks the only one', () => {
    expect(sequenceDiagram([], { columns: 78 })).toEqual([]);
    expect(sequenceDiagram(timeline('3 program starts'), { columns: 78 })[1]).toContain('<-- here');
  });

  it('names the program in the middle', () => {
    const cast = { left: 'client', middle: 'the proxy', right: 'upstream' };
    expect(sequenceDiagram(timeline(...start), { columns: 78, cast })[0]).toContain(' the proxy ');
  });

  it('has two columns for a server without an upstream', () => {
    const told = timeline(
      '0 program starts',
      '9 program listens',
      '10 client 1 connects',
      '11 client 1 receives 5',
      '12 client 1 fin',
    );
    const cast = { left: 'client', middle: 'your server' };
    expect(sequenceDiagram(told, { columns: 78, cast, mark: false })).toEqual([
      '     ms client                             your server',
      '      0    │                                 starts',
      '      9    │                                 listens',
      '     10    │── connects ───────────────────────>│',
      '     11    │<── gets 5 bytes ───────────────────│',
      '     12    │<──────────────────────────── FIN ──│',
    ]);
  });

  it('has a terminal on the left of a client, and a server on its right', () => {
    const cast = { left: 'terminal', middle: 'your client', right: 'server' };
    const told = [
      { ms: 1, who: 'terminal', what: 'sends' as const, bytes: 5 },
      { ms: 2, who: 'server 1', what: 'receives' as const, bytes: 5 },
      { ms: 3, who: 'terminal', what: 'receives' as const, bytes: 5 },
    ];
    expect(sequenceDiagram(told, { columns: 78, cast, mark: false })).toEqual([
      '     ms terminal                  your client                   server',
      '      1    │── types 5 bytes ─────────>│                           │',
      '      2    │                           │────────── gets 5 bytes ──>│',
      '      3    │<── shows 5 bytes ─────────│                           │',
    ]);
  });
});

describe('any diagram', () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  it.each([LEAST_COLUMNS, 60, 80, 94])(
    'fits into %d columns and on a screen, and shows where it went wrong',
    (columns) => {
      for (const seed of seeds) {
        const entries = randomTimeline(seed);
        const wrongAt = random(seed + 1)(entries.length);
        const lines = sequenceDiagram(entries, { columns, wrongAt, mark: 'x'.repeat(200) });
        expect(lines.filter((line) => line.length > columns)).toEqual([]);
        expect(lines.length).toBeLessThanOrEqual(24);
        expect(lines.filter((line) => line.endsWith('<-- here'))).toHaveLength(1);
        expect(lines.filter((line) => /undefined|NaN|Infinity/.test(line))).toEqual([]);
      }
    },
  );

  it('has every event in exactly one line, in the order of the timeline', () => {
    for (const seed of seeds) {
      const entries = randomTimeline(seed);
      let next = 0;
      for (const row of chooseRows(entries, random(seed + 1)(entries.length), 21)) {
        expect(row.kind === 'event' ? row.index : row.from).toBe(next);
        next = row.kind === 'event' ? row.index + 1 : row.to;
        if (row.kind === 'repeat') expect(row.to - row.from).toBe(row.period * row.times);
      }
      expect(next).toBe(entries.length);
    }
  });

  it('says "more like these" only below these', () => {
    for (const seed of seeds) {
      const entries = randomTimeline(seed);
      const rows = chooseRows(entries, random(seed + 1)(entries.length), 21);
      rows.forEach((row, index) => {
        if (row.kind !== 'repeat') return;
        const above = rows.slice(index - row.period, index);
        expect(above.map(({ kind }) => kind)).toEqual(above.map(() => 'event'));
        expect(above).toHaveLength(row.period);
      });
    }
  });

  it('is drawn fast, even for many events', () => {
    const flood = Array.from({ length: 100_000 }, (_, index) => entry(`5 client ${1 + (index % 2)} receives 1`));
    expect(sequenceDiagram(flood, { columns: 80 }).length).toBeLessThanOrEqual(24);
  });
});

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1024, '1,024 bytes'],
  [102_400, '100 KiB'],
  [1_048_575, '1,023.9 KiB'],
  [1_048_576, '1 MiB'],
  [1_048_577, '1.0 MiB'],
  [2_621_440, '2.5 MiB'],
  [67_108_864, '64 MiB'],
])('%d bytes are called %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
