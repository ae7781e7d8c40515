/**
 * Gradescope, 'Export submissions': a folder `submission_NNN` for each, and `submission_metadata.yml`, in the YAML of a Ruby
 * program: its keys begin with a colon (`:submitters:`, `:name:`, `:sid:`, `:email:`, `:created_at:`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Attempt, emptyReading, isFolder, type Reader } from './reading.ts';

const METADATA = 'submission_metadata.yml';
const FOLDER = /^(?:assignment_\d+_)?submission_(\w+)$/;

/** What the metadata says of one submission, as far as it is read here. */
interface Said {
  ':submitters'?: { ':name'?: unknown; ':sid'?: unknown; ':email'?: unknown }[];
  ':created_at'?: unknown;
}

/** Reads an export of Gradescope. */
export const readGradescope: Reader = (folder, names) => {
  if (!names.includes(METADATA)) return null;
  const reading = emptyReading();
  const all = metadataIn(join(folder, METADATA));
  for (const name of names.filter((one) => FOLDER.test(one) || Object.hasOwn(all, one))) {
    reading.known.add(name);
    const path = join(folder, name);
    const said = Object.hasOwn(all, name) ? all[name] : undefined;
    const number = FOLDER.exec(name)?.[1] ?? name;
    const [first, ...partners] = submittersOf(said);
    const { id, name: student, also } = first ?? { id: name, name, also: [] };
    const parts = [{ name: isFolder(path) ? '' : name, path }];
    const at = timeOf(said?.[':created_at']);
    const attempt: Attempt = { id, name: student, also, at, order: Number(number) || 1, late: false, parts, texts: [] };
    reading.attempts.push({ ...attempt, ...(partners.length > 0 && { partners }) });
  }
  reading.known.add(METADATA);
  return reading.attempts.length === 0 ? null : reading;
};

function metadataIn(path: string): Record<string, Said> {
  try {
    // Everything stays text: a student's number may begin with a zero. Ruby's own tags are not known here.
    const data: unknown = parse(readFileSync(path, 'utf8'), { schema: 'failsafe', logLevel: 'silent' });
    return typeof data === 'object' && data !== null ? (data as Record<string, Said>) : {};
  } catch {
    return {};
  }
}

function submittersOf(said: Said | undefined): { id: string; name: string; also: string[] }[] {
  const list = Array.isArray(said?.[':submitters']) ? said[':submitters'] : [];
  return list.flatMap((one) => {
    const [sid, email, name] = [one[':sid'], one[':email'], one[':name']].map((value) =>
      typeof value === 'string' && value !== '~' && value !== 'null' ? value.trim() : '',
    ) as [string, string, string];
    const id = sid || email || name;
    return id === '' ? [] : [{ id, name: name || id, also: [sid, email].filter((word) => word !== '') }];
  });
}

/** '2026-10-01 18:30:00.000000000 Z' → ISO 8601 */
function timeOf(written: unknown): string | null {
  const groups = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(String(written));
  if (groups === null) return null;
  const zone = (groups[3] ?? 'Z').replace('UTC', 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return `${groups[1]}T${groups[2]}${zone}`;
}
