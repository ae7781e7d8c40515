/** The arithmetic of a race: medians, spread, ratios. */

/** Several samples of one number. */
export interface Figure {
  median: number;
  least: number;
  most: number;
  samples: number[];
}

/** Summarises samples; undefined if there are none. */
export function figureOf(samples: number[]): Figure | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  return { median: median(sorted), least, most, samples };
}

/** The middle one; of an even number of samples, the mean of the two in the middle. */
export function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/**
 * How this compares with a reference, round by round: samples of the same round saw the same machine, so their ratio is
 * steadier than the ratio of the medians.
 *
 * @param samples by round; undefined for rounds without one
 * @param reference the same of the reference
 */
export function ratioOf(samples: (number | undefined)[], reference: (number | undefined)[]): number | undefined {
  const ratios = samples.flatMap((sample, round) => {
    const other = reference[round];
    return sample === undefined || other === undefined || other === 0 ? [] : [sample / other];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

/** Formats a number: three significant digits, with thousands separators. */
export function inDigits(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', {
    maximumFractionDigits: Math.min(digits, 6),
    maximumSignificantDigits: undefined,
  });
}
