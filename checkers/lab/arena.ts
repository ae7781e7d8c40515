/** Where the checks of a run take place: which ports, side by side or one at a time, in namespaces or not. */

import { text } from '../messages/index.ts';
import type { Candidate } from '../run.ts';
import type { Guardian } from './guardian.ts';
import { FIXED_PORTS, namespaceArguments } from './namespace.ts';
import { takePortBlock, tryListen } from './ports.ts';
import { probePorts } from './probe.ts';
import type { ProgramPorts } from './program.ts';
import { fileServerCommand, servedFolder } from './python.ts';

export interface Arena {
  /** whether checks may run at the same time */
  sideBySide: boolean;
  /** whether each check gets a network namespace of its own */
  namespaces: boolean;
  /** things that a reader of the report should know */
  notes: string[];
  /** the ports for the next check */
  ports(): ProgramPorts;
  release(): void;
}

/** Words on why a run could not begin; a person reads them. */
export class CannotRun extends Error {}

/**
 * Chooses the arena for a program. One that keeps to the contract gets free ports. A command may have its ports written
 * into it, so it gets a network of its own for each check; where the machine cannot do that, one start shows which ports
 * it uses.
 *
 * @throws CannotRun when it needs the document's ports and somebody else has them
 */
export async function chooseArena(request: { candidate: Candidate }, guardian: Guardian): Promise<Arena> {
  const notes = [...pythonNote()];
  const { candidate } = request;
  if (candidate.kind === 'file') return freePorts(notes);
  if (namespaceArguments().length > 0) {
    return { sideBySide: true, namespaces: true, notes, ports: () => FIXED_PORTS, release() {} };
  }
  if (await probePorts(candidate, guardian)) return freePorts(notes);
  return documentPorts(notes);
}

async function freePorts(notes: string[]): Promise<Arena> {
  const block = await takePortBlock();
  return {
    sideBySide: true,
    namespaces: false,
    notes,
    ports: () => ({ proxy: block.take(), upstream: block.take() }),
    release: () => block.release(),
  };
}

async function documentPorts(notes: string[]): Promise<Arena> {
  for (const port of [FIXED_PORTS.proxy, FIXED_PORTS.upstream]) {
    const server = await tryListen(port);
    if (server === undefined) {
      const change = text.lab.stopWhatListensThere;
      throw new CannotRun(text.lab.fixedPortTaken(port, change));
    }
    await new Promise((resolve) => server.close(resolve));
  }
  const slow = text.lab.fixedPortsWithoutNamespaces;
  return {
    sideBySide: false,
    namespaces: false,
    notes: [...notes, slow],
    ports: () => FIXED_PORTS,
    release() {},
  };
}

function pythonNote(): string[] {
  const command = fileServerCommand(0, servedFolder);
  return command.python ? [] : [text.lab.thereIsNoPython3];
}
