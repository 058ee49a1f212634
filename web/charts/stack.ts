import type { QueryReply } from "../../src/server/api.ts"
import type { ChartOption } from "./chart.tsx"
import { trend } from "./trend.ts"
import type { Colors } from "./trend.ts"

/** The colour of each part, as names of the theme's. */
export const HUES = ["accent", "good", "muted"] as const

/** Metrics over time, one upon the other: parts of a whole. */
export function stack(
  reply: QueryReply,
  metrics: readonly string[],
  grain: string,
  colors: Colors,
): ChartOption {
  const alone = { ...reply, previousPeriod: undefined }
  const [first, ...others] = metrics.map((metric, i) => {
    const hue = colors[HUES[i % HUES.length] ?? "ink"]
    return trend(alone, metric, grain, { ...colors, accent: hue })
  })
  const series = [first, ...others].flatMap((option) => (Array.isArray(option?.series) ? option.series : []))
  return {
    ...first,
    series: series.map((line) =>
      line.type === "line"
        ? {
            ...line,
            stack: "all",
            areaStyle: { ...line.areaStyle, opacity: 0.35 },
            lineStyle: { ...line.lineStyle, width: 1 },
          }
        : line,
    ),
  }
}
