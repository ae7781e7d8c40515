/** The environment and limits of a program as text. */
import { type ProgramPorts, portVariables } from './program-ports.ts';

/**
 * The environment of a program as typed in a shell, for reports.
 *
 * @param told the variables besides the ports
 * @param descriptors its limit of open descriptors; undefined: our limit
 */
export function environmentTold(
  ports: ProgramPorts,
  told: Record<string, string>,
  descriptors: number | undefined,
): string {
  const { UPSTREAM_PORT, ...rest } = portVariables(ports);
  // A program with several upstreams gets UPSTREAM_PORTS only.
  const places = rest.UPSTREAM_PORTS === undefined ? { ...rest, UPSTREAM_PORT } : rest;
  const variables = Object.entries({ ...places, ...told }).map(([name, value]) => `${name}=${value}`);
  return `${variables.join(' ')}${descriptors === undefined ? '' : `, and no more than ${descriptors} descriptors`}`;
}
