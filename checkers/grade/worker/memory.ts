/** Limits per process do not bound their sum, so this watches the memory of all processes of a submission. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { nameOf } from '../../harness/holder.ts';
import { kill } from '../../harness/reaper.ts';
import { ancestors, ownerOf, processIds } from '../../kernel/process-tree.ts';
import type { CheckJson } from '../../report/json.ts';
import { removeShared, sharedIn } from '../isolation/shared.ts';
import { isElsewhere } from './helpers.ts';
import { fileShares } from './small-files.ts';
import { Sockets } from './sockets.ts';

const LOOK_MS = 200;
const MAX_GB = 1.5;
const MOST = MAX_GB * 2 ** 30;
const PAGE = 4096;
const LOOKS = 3;
/** Below this address space, in bytes, page tables are small, and reading their size is slow. */
const MUCH_SPACE = 2 ** 34;
/** Threshold for memory outside of processes, on the whole machine, in bytes; other programs may use it. */
const MAX_HIDDEN = 2 ** 29;

/** A process that was ended for the memory of its program. */
export interface EndedProcess {
  name: string;
  /** itself and those that it descends from */
  line: number[];
}

/** Why a program failed of which a process was ended. */
export function memoryCause(name: string): Pick<CheckJson, 'causeId' | 'cause' | 'proof' | 'todo' | 'next'> {
  return {
    causeId: 'too-much-memory',
    cause: `its processes together held more than ${MAX_GB} GB of memory, so one of them (${name}) was ended`,
    proof: null,
    todo: null,
    next: 'find out what the program keeps in memory and never gives back, or allocates in advance',
  };
}

/**
 * Kills the largest process when all processes of a submission together hold too much memory.
 *
 * @param onEnd told in a sentence, and which process it was
 * @param user the user of the submission's processes; undefined: the worker has its own process namespace, and all others in it are
 * @returns a function that stops watching
 */
export function watchMemory(onEnd: (what: string, process: EndedProcess) => void, user?: number): () => void {
  const before = sharedBytes();
  const looks = new Map<number, number>();
  const sockets = new Sockets(user);
  const timer = setInterval(() => {
    // Checking every descriptor is slow, so it is done only when needed.
    const grown = sharedBytes() - before;
    const isHidden = grown > MAX_HIDDEN;
    const all = theirs(user);
    const inSockets = sockets.shares(all);
    // If the machine's own /tmp is visible, its files belong to all processes.
    const inFiles = user === undefined ? fileShares(all) : new Map<number, number>();
    const held = all.map((pid) => ({
      pid,
      bytes:
        residentBytes(pid) +
        tableBytes(pid) +
        (inSockets.get(pid) ?? 0) +
        (inFiles.get(pid) ?? 0) +
        (isHidden ? descriptorBytes(pid) + bytesUnderWay(pid, grown, looks) : 0),
    }));
    const parked = isHidden ? segmentsOf(user).filter(({ attached }) => !attached) : [];
    if (sumOf([...held, ...parked]) <= MOST) return;
    // Shared memory has been counted once per process. The exact share (PSS) is slower to read.
    const parts = held.map(({ pid, bytes }) => ({ pid, bytes: bytes - residentBytes(pid) + ownBytes(pid) }));
    if (sumOf([...parts, ...parked]) <= MOST) return;
    removeShared('shm', parked);
    // Our own helpers are among them, for example the compiler.
    const programs = user === undefined ? parts.filter(({ pid }) => isElsewhere(pid)) : parts;
    const greatest = programs.toSorted((a, b) => b.bytes - a.bytes)[0];
    if (greatest === undefined) return;
    const name = nameOf(greatest.pid);
    onEnd(`A process of the program (${name}) was ended: together they held more than ${MAX_GB} GB of memory.`, {
      name,
      line: ancestors(greatest.pid),
    });
    kill(greatest.pid);
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    sockets.end();
  };
}

function theirs(user: number | undefined): number[] {
  const others = processIds().filter((pid) => pid !== process.pid && pid !== 1);
  return user === undefined ? others : others.filter((pid) => ownerOf(pid) === user);
}

/** System V shared memory, which may be attached to no process. */
function segmentsOf(user: number | undefined): { id: string; bytes: number; attached: boolean }[] {
  const mine = sharedIn('shm').filter((row) => user === undefined || row.uid === String(user));
  return mine.map((row) => ({ id: row.shmid ?? '', bytes: Number(row.rss ?? 0), attached: row.nattch !== '0' }));
}

function sumOf(held: { bytes: number }[]): number {
  return held.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Memory of a process, with its share of pages that it has in common with others, as after fork(). See proc(5), smaps_rollup. */
function ownBytes(pid: number): number {
  try {
    const parts = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return parts === undefined ? residentBytes(pid) : Number(parts) * 1024;
  } catch {
    return residentBytes(pid);
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}

/**
 * The page tables of a process: two megabytes that were only read have no resident pages, but a table of 4 KB.
 * Only a process with a large address space can have many. See proc(5), VmPTE.
 */
function tableBytes(pid: number): number {
  try {
    const size = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[0]) * PAGE;
    if (size < MUCH_SPACE) return 0;
    return Number(/^VmPTE:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Shared memory and tmpfs files of the whole machine; 0 if unknown. */
function sharedBytes(): number {
  try {
    return Number(/^Shmem:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Memory that a process holds only through descriptors: see memfd_create(2). */
function descriptorBytes(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).reduce((sum, name) => sum + memoryFileBytes(`${folder}/${name}`), 0);
  } catch {
    return 0;
  }
}

/**
 * The size of memory files in flight through a socket, which no process has open, cannot be measured. A process that
 * keeps them in flight while the machine loses more than the limit is held responsible.
 *
 * @param looks how often in a row a process was seen with such files: a correct program passes them on at once
 */
function bytesUnderWay(pid: number, grown: number, looks: Map<number, number>): number {
  const seen = grown > MOST && keepsFilesUnderWay(pid) ? (looks.get(pid) ?? 0) + 1 : 0;
  looks.set(pid, seen);
  return seen >= LOOKS ? grown : 0;
}

/** See unix(7), SCM_RIGHTS. */
function keepsFilesUnderWay(pid: number): boolean {
  const folder = `/proc/${pid}/fdinfo`;
  try {
    return readdirSync(folder).some((name) => /^scm_fds:\s+[1-9]/m.test(readFileSync(`${folder}/${name}`, 'latin1')));
  } catch {
    return false;
  }
}

function memoryFileBytes(path: string): number {
  try {
    return readlinkSync(path).startsWith('/memfd:') ? statSync(path).blocks * 512 : 0;
  } catch {
    return 0;
  }
}
