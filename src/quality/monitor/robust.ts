/** The median; NaN of nothing. */
export function median(values: readonly number[]): number {
  // Sorts numbers as numbers, and several times as quickly as an array.
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Makes the median absolute deviation of normal data equal to their standard deviation. */
const NORMAL = 1.4826

/** How far values usually lie from `centre`, as a standard deviation that up to half of them cannot spoil. */
export function spread(values: readonly number[], centre: number): number {
  return NORMAL * median(values.map((value) => Math.abs(value - centre)))
}

/** A straight line, `level` at x = 0. */
export interface Line {
  level: number
  slope: number
}

/** From so many points on, each is compared with one other alone: the time then grows with the points, not with their square. */
const ALL_PAIRS = 24

/**
 * Theil's line: the median of the slopes between points, through the median of what remains. Of few points all pairs are taken, of many
 * those of a point with the one half of them later (his "incomplete" method).
 */
export function theilSen(xs: readonly number[], ys: readonly number[]): Line {
  const slopes: number[] = []
  const half = xs.length >> 1
  for (const [i, x] of xs.entries()) {
    const [first, last] = xs.length > ALL_PAIRS ? [i + half, i + half] : [i + 1, xs.length - 1]
    for (let j = first; j <= last; j++) {
      const run = (xs[j] ?? Number.NaN) - x
      if (run > 0) slopes.push(((ys[j] ?? 0) - (ys[i] ?? 0)) / run)
    }
  }
  const slope = slopes.length === 0 ? 0 : median(slopes)
  return { slope, level: median(ys.map((y, i) => y - slope * (xs[i] ?? 0))) }
}
