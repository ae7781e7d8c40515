/** Call stacks of the simulated program, in the lines of the learner's file. */
import type { Place } from '../../linux/tracer.ts';
import { fromRoot, root } from './root.ts';
import { SourceMap, type SourcePlace } from './source-map.ts';
import type { Code } from './world.ts';

/** A function made by `new Function` has two lines before its body. */
const LINES_BEFORE = 2;
/** The learner's frames lie above those of the simulator: a call of a call of theirs may be deep. */
const DEPTH = 40;

let name = '';
let map: SourceMap | undefined;
let mapText = '';

/** From now on, stacks are those of this program. */
export function showStacksOf(code: Code): void {
  if (code.map !== mapText) map = undefined;
  name = code.name;
  mapText = code.map;
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.filter(isProgram);
    // An error of the simulator itself keeps all of its frames.
    const lines = frames.length === 0 ? sites.map((site) => `    at ${site}`) : frames.map(frameLine);
    return [headOf(error), ...lines].join('\n');
  };
}

function headOf(error: Error): string {
  const { name: kind = 'Error', message = '' } = error;
  return message === '' ? kind : `${kind}: ${message}`;
}

function isProgram(site: NodeJS.CallSite): boolean {
  return name !== '' && site.getScriptNameOrSourceURL() === name;
}

function placeOf(site: NodeJS.CallSite): SourcePlace | undefined {
  map ??= new SourceMap(mapText);
  return map.find((site.getLineNumber() ?? 0) - LINES_BEFORE, site.getColumnNumber() ?? 0);
}

function frameLine(site: NodeJS.CallSite): string {
  const place = placeOf(site);
  const where = place === undefined ? name : `${root}/${place.source}:${place.line}:${place.column}`;
  const caller = site.getFunctionName();
  return caller ? `    at ${caller} (${where})` : `    at ${where}`;
}

/** The learner's line that makes the current call. */
export function callSite(): Place {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites.find(isProgram);
  const site = new Error().stack as unknown as NodeJS.CallSite | undefined;
  Error.prepareStackTrace = prepareStackTrace;
  if (site === undefined) return {};
  const place = placeOf(site);
  return place === undefined ? {} : { file: place.source, line: place.line, fn: site.getFunctionName() ?? '' };
}

/** What Node prints of an error that ends a program. */
export function printed(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught:\n${String(error)}\n`;
  const stack = error.stack ?? headOf(error);
  const found = /^ +at .*?\(?\/workshop\/([^():]+):(\d+):(\d+)\)?$/m.exec(stack);
  const [, source = '', line = '', column = ''] = found ?? [];
  const place = { source, line: Number(line), column: Number(column) };
  const text = source === '' ? '' : (map?.lineOf(place) ?? '');
  const head =
    source === ''
      ? ''
      : `${fromRoot(`${root}/${source}`)}:${line}\n${text}\n${' '.repeat(Math.max(0, place.column - 1))}^\n\n`;
  return `${head}${stack}\n`;
}
