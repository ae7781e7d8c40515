/** A report says docs/stage-4-tcp-proxy.md#createserver: pasted behind the site's address, that leads to the section. */

/**
 * Where such an address leads; undefined for every other one.
 *
 * @param pathname of the address, e.g. '/course/docs/stage-4-tcp-proxy.md'
 * @param base of the site, with a slash at both ends
 */
export function pageOfReportLink(pathname: string, base: string): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const match = /^(?:docs\/)?(.+)\.md$/.exec(pathname.slice(base.length));
  return match ? `${base}${match[1] === 'README' ? 'index' : match[1]}.html` : undefined;
}
