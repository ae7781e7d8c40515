/** The ports of a program, and how it is told of them. */

/** The program's ports. */
export interface ProgramPorts {
  proxy: number;
  upstream: number;
  /** all upstreams, if a stage has several; the first one is `upstream` */
  upstreams?: number[];
  /** the status port of such a program */
  status?: number;
}

/** The ports as environment variables. */
export function portVariables({ proxy, upstream, upstreams, status }: ProgramPorts): Record<string, string> {
  return {
    PORT: String(proxy),
    UPSTREAM_PORT: String(upstream),
    ...(upstreams !== undefined && { UPSTREAM_PORTS: upstreams.join(',') }),
    ...(status !== undefined && { STATUS_PORT: String(status) }),
  };
}
