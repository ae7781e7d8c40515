/** npm run doctor: what this machine has and lacks. Exit code 0: the course can be done here, 1: not yet. */
import { examine } from '../checkers/doctor/doctor.ts';
import { doctorLines } from '../checkers/report/doctor.ts';
import { browserCommand } from './browser.ts';
import { readWords } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

/** Timeout of one probe; ms. */
const DEADLINE_MS = 10_000;
/** Grace period after the report, before a forced exit; ms. */
const LEAVE_MS = 2000;

export function main(typed: string[]): Promise<number> {
  return reportErrors(async () => {
    readWords(typed, { switches: [], options: [], plain: 0 });
    const { env, platform, stdout } = process;
    const columns = stdout.isTTY ? stdout.columns : undefined;
    const opensPages = browserCommand('page', env, platform) !== undefined;
    const findings = await examine({ env, platform, opensPages, deadlineMs: DEADLINE_MS, ...(columns && { columns }) });
    stdout.write(`${doctorLines(findings, columns).join('\n')}\n`);
    const code = findings.some(({ state }) => state === 'broken') ? 1 : 0;
    setTimeout(() => process.exit(code), LEAVE_MS).unref();
    return code;
  });
}
