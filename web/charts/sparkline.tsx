/** A line of values without axes: the shape of what the figure beside it went through. */
export function Sparkline({
  values,
  before,
  label,
}: {
  values: (number | null)[]
  before?: (number | null)[] | undefined
  label: string
}) {
  const all = [...values, ...(before ?? [])].filter((value) => value !== null)
  const most = Math.max(...all, 0)
  const least = Math.min(...all, 0)
  const span = most - least || 1
  const points = (series: (number | null)[]) =>
    series
      .flatMap((value, i) =>
        value === null
          ? []
          : [
              `${((i / Math.max(series.length - 1, 1)) * 100).toFixed(2)},${(27 - ((value - least) / span) * 26).toFixed(2)}`,
            ],
      )
      .join(" ")
  return (
    <svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" role="img" aria-label={label}>
      {before !== undefined && <polyline class="before" points={points(before)} />}
      <polyline points={points(values)} />
    </svg>
  )
}
