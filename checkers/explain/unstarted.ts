/** A command whose program did not start: it is missing, may not be run, or its interpreter is not found. */

import { basename } from 'node:path';
import type { Evidence, Explanation, StartedFile } from '../contract/check.ts';
import type { Phrases } from './cause.ts';

const DOC = 'docs/use-another-language.md#the-command';

/** A shell's exit codes for a program that it does not find, or may not run. See sh(1), "Exit status". */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** How shells, launchers and runtimes say that a program does not start; the first group is the program. */
const COMPLAINTS = [
  // 'sh: 1: ./my-proxy: not found', 'bash: line 1: my-proxy: command not found', 'env: ‘my-proxy’: No such file or directory'
  /^(?:\S*\/)?[\w.-]+: (?:(?:line )?\d+: )?(?:exec: |execvp |failed to (?:run command|execute) )?(.+?)(?:: \S+: bad interpreter)?: (?:command )?(?:not found|No such file or directory|cannot execute: required file not found|Permission denied|Is a directory|Exec format error|cannot execute binary file(?:: Exec format error)?)$/i,
  // zsh, Python
  /(?:command not found|no such file or directory|permission denied): (\S.*)$/i,
  // Node
  /^(?:Error: )?spawn (.+) (?:ENOENT|EACCES)$/,
];
const OTHER_MACHINE = /(?:Exec format error|cannot execute binary file)$/i;
const QUOTED = /^['"‘](.+)['"’]$/;

/** A line end of Windows, as programs print it: as it is, escaped, or as in cat -v. */
const RETURNS = ['\r', '\\r', '^M'];
/** The \r is in an option of the interpreter. */
const BAD_OPTION = /(?:unknown|unrecognized|illegal|invalid) option/i;
/** 'proxy.py: 1: import: not found', '/home/ada/proxy.py: line 3: syntax error near …': a shell reads the file. */
const READ_BY_SHELL =
  /^(?:.*\/)?([^/]+?): (?:line )?\d+: .*(?:not found|No such file|Permission denied|syntax error|Unterminated)/i;
const BOM = '\uFEFF';
/** Files with these endings are no shell scripts. */
const OTHER_LANGUAGE = /\.(?:py|[cm]?[jt]s|rb|pl|php|lua)$/;

/** Explains why the command's program did not start; nothing that the files and the complaints do not prove. */
export function unstarted(evidence: Evidence): Explanation | undefined {
  return scriptWithReturns(evidence) ?? readByShell(evidence) ?? interpreterMissing(evidence) ?? notFound(evidence);
}

/** Written on Windows: the \r at the end of a line becomes a part of the interpreter's name, or of a word. */
function scriptWithReturns({ startedFiles = [], lastLines }: Evidence): Explanation | undefined {
  const script = startedFiles.find(
    (file) => file.firstLine.endsWith('\r') && lastLines.some((line) => comesFromReturn(line, file)),
  );
  if (script === undefined) return undefined;
  return {
    causeId: 'script-with-returns',
    cause: `the lines of ${shown(script.path)} end with \\r\\n, as on Windows: Linux takes the \\r for a part of the interpreter’s name or of a word`,
    proof: [`the first line of ${shown(script.path)} is “${shown(script.firstLine)}”`],
    next: `remove each \\r: sed -i 's/\\r$//' ${shown(script.path)} (with git: "* text=auto eol=lf" in .gitattributes)`,
    doc: DOC,
  };
}

/** Whether a complaint shows that the \r of this file's lines is the mistake. Python and others accept such a file. */
function comesFromReturn(line: string, file: StartedFile): boolean {
  const { path, firstLine } = file;
  const called = /^#!.*?([^\s/]+)\r$/.exec(firstLine)?.[1];
  if (called !== undefined && isAbout(line, file)) return true;
  if (called?.startsWith('-') && BAD_OPTION.test(line)) return true;
  if (called !== undefined && RETURNS.some((mark) => line.includes(called + mark))) return true;
  const forShell = called === undefined ? /\.(?:ba|da)?sh$/.test(path) : /^(?:ba|da)?sh$/.test(called);
  return forShell && RETURNS.some((mark) => line.includes(mark));
}

/** Started as a program, without a first line that names its interpreter. */
function readByShell({ startedFiles = [], lastLines }: Evidence): Explanation | undefined {
  const readers = lastLines.flatMap((line) => READ_BY_SHELL.exec(line)?.[1] ?? []);
  const file = startedFiles.find(
    ({ kind, path, firstLine }) =>
      kind === 'text' &&
      readers.includes(basename(path)) &&
      (OTHER_LANGUAGE.test(path) || firstLine.startsWith(`${BOM}#!`)),
  );
  if (file === undefined) return undefined;
  const marked = file.firstLine.startsWith(BOM);
  return {
    causeId: 'script-read-by-shell',
    cause: scriptReadByShell(shown(file.path), marked),
    proof: [`the first line of ${shown(file.path)} is “${shown(file.firstLine)}”`],
    next: marked
      ? removeMark(shown(file.path))
      : `name the interpreter in the command, as in "python3 proxy.py", or in the first line of ${shown(file.path)}, as in #!/usr/bin/env python3`,
    doc: DOC,
  };
}

/** The file is there; its interpreter, or a compiled program's loader, is not. The kernel says ENOENT for both. */
function interpreterMissing({ startedFiles = [], lastLines }: Evidence): Explanation | undefined {
  const complaints = lastLines.filter(
    (line) => !/permission denied|is a directory|EACCES|exec format error|cannot execute binary/i.test(line),
  );
  const file = startedFiles.find(
    (one) => (one.missing !== undefined || one.kind === 'program') && complaints.some((line) => isAbout(line, one)),
  );
  if (file === undefined) return undefined;
  const { missing, path, firstLine } = file;
  return {
    causeId: 'interpreter-missing',
    cause: interpreterMissingText(shown(path), missing === undefined ? undefined : shown(missing)),
    proof: missing === undefined ? [] : [`the first line of ${shown(path)} is “${shown(firstLine)}”`],
    next:
      missing === undefined
        ? `build ${shown(path)} on this machine, or link it statically`
        : `name an interpreter that is installed in the first line of ${shown(path)}`,
    doc: DOC,
  };
}

/** The command names a program that does not exist: the lesson does not help with that. */
function notFound({ exit, lastLines, startedFiles = [] }: Evidence): Explanation | undefined {
  if (exit?.code !== NOT_FOUND && exit?.code !== NOT_RUNNABLE) return undefined;
  const line = lastLines.find((one) => complainedOf(one) !== undefined) ?? '';
  const name = complainedOf(line);
  if (name === undefined) return undefined;
  if (startedFiles.some((file) => file.kind === 'folder' && isAbout(line, file)) || /Is a directory$/.test(line)) {
    return {
      causeId: 'program-not-runnable',
      cause: `${shown(name)} is a folder, and only a file can be started`,
      next: 'name the file in it that starts your program',
      doc: DOC,
    };
  }
  if (OTHER_MACHINE.test(line)) {
    return {
      causeId: 'program-not-runnable',
      cause: `${shown(name)} is there, but it is no program for this machine: it was built for another processor or system, or it is another kind of file`,
      next: 'build it on this machine, or name the program that runs it, as in: python3 proxy.py',
      doc: DOC,
    };
  }
  if (exit.code === NOT_FOUND) {
    return {
      causeId: 'program-not-found',
      cause: `the program ${name} was not found`,
      next: 'check its name and its path (a path is relative to the folder where you typed npm run), and whether it is installed or built',
      doc: DOC,
    };
  }
  return {
    causeId: 'program-not-runnable',
    cause: `${name} is there, but it may not be run as a program`,
    next: `check that it is the right file (a path is relative to the folder where you typed npm run), and make it executable: chmod +x ${name}`,
    doc: DOC,
  };
}

function complainedOf(line: string): string | undefined {
  const name = COMPLAINTS.map((complaint) => complaint.exec(line)?.[1]).find((found) => found !== undefined);
  return name === undefined ? undefined : (QUOTED.exec(name)?.[1] ?? name);
}

/** Whether the line complains about this file. A report shortens paths, so the last part counts. */
function isAbout(line: string, { path }: StartedFile): boolean {
  const name = complainedOf(line);
  return name !== undefined && basename(name) === basename(path);
}

/** Characters that would end a line or move a cursor are escaped. */
function shown(part: string): string {
  const short = part.length > 80 ? `${part.slice(0, 80)}…` : part;
  return short
    .replaceAll('\r', '\\r')
    .replaceAll(BOM, '\\ufeff')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '?');
}

function scriptReadByShell(path: string, marked: boolean): string {
  return marked
    ? `a byte order mark stands in front of the #! of ${path}, so a shell reads the file as a shell script`
    : `a shell reads ${path} as a shell script`;
}

function removeMark(path: string): string {
  return `save ${path} as UTF-8 without a byte order mark: sed -i '1s/^\\xef\\xbb\\xbf//' ${path}`;
}

function interpreterMissingText(path: string, interpreter: string | undefined): string {
  return interpreter === undefined
    ? `${path} is there, but the loader that it was built for is not: it comes from another system`
    : `${path} is there, but its interpreter ${interpreter} is not`;
}

export const phrases: Phrases = {
  'program-not-found': '[name|names] a program that was not found',
  'program-not-runnable': '[name|names] a program that may not be run',
  'script-with-returns': 'end[s] the lines of a script as on Windows, so that it does not start',
  'script-read-by-shell': '[leave|leaves] it to a shell to read a script of another language',
  'interpreter-missing': 'need[s] an interpreter or a loader that is not there',
};
