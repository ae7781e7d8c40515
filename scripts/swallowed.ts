/**
 * Flags that npm kept for itself: `npm run milestone 1 --seed 7f3a` hands on '1' and '7f3a' only. npm puts the flag into
 * the environment (`npm_config_seed`), where each setting of a .npmrc file and of the environment stands, too. So a variable
 * is a typed flag only where npm, asked again without its command line, has another value for it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

type Environment = Record<string, string | undefined>;

/** Between npm and this process there is a shell, or none where the shell replaces itself; more are wrappers. */
const MAX_ANCESTORS = 4;
/** Timeout for npm, in ms, which normally takes a third of a second; slower machines get no advice. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * The first of these names that was typed as a flag but swallowed by npm. In doubt, undefined: a setting of the
 * user's must never stop a command.
 *
 * @param names the words that the command knows
 * @param commandLine this process's own, with the word of `npm run` behind the script
 */
export function swallowedFlag(names: string[], commandLine = process.argv): string | undefined {
  const { npm_lifecycle_event: event = '', npm_config_user_agent: agent = '' } = process.env;
  // pnpm and yarn pass flags on. And an npm that runs another command, such as our tests, is not the typed one.
  const isOurs = agent.startsWith('npm/') && commandLine.slice(2, 4).includes(event.split(':')[0] ?? '');
  if (!isOurs) return undefined;
  const suspects = names.filter((name) => process.env[variableOf(name)]);
  if (suspects.length === 0) return undefined;
  const environment = environmentOfNpm();
  return environment && suspects.find((name) => isTyped(name, environment));
}

function variableOf(name: string): string {
  return `npm_config_${name.replaceAll('-', '_')}`;
}

/** Whether npm's settings alone, without its command line, give another value than the one that arrived. */
function isTyped(name: string, environment: Environment): boolean {
  const { npm_execpath: npm = '', npm_config_local_prefix: cwd = process.cwd() } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [npm, 'config', 'get', name], {
    cwd,
    // As JSON, the value would look different.
    env: { ...environment, ...(name !== 'json' && { npm_config_json: 'false' }) },
    encoding: 'utf8',
    timeout: ANSWER_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 && stdout.trim() !== process.env[variableOf(name)]?.trim();
}

/** What npm itself was started with, before it added variables for its children; undefined where /proc does not say. */
function environmentOfNpm(): Environment | undefined {
  try {
    let pid = process.ppid;
    for (let generation = 0; generation < MAX_ANCESTORS; generation++) {
      const environment = environmentOf(pid);
      if (environment.npm_lifecycle_script !== process.env.npm_lifecycle_script) return environment;
      pid = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    }
  } catch {
    // Another user's process, or no /proc.
  }
  return undefined;
}

function environmentOf(pid: number): Environment {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(variables.map((line) => line.split(/=(.*)/s, 2)));
}
