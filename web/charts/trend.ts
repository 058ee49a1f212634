import type { QueryReply } from "../../src/server/api.ts"
import { dayText, shown } from "../format.ts"
import type { NumberedNote } from "../state/notes.ts"
import type { ChartOption } from "./chart.tsx"

export interface Colors {
  ink: string
  muted: string
  line: string
  surface: string
  accent: string
  good: string
}

/** One metric over time, against the period before in its place. */
export function trend(
  reply: QueryReply,
  metric: string,
  grain: string,
  colors: Colors,
  notes: readonly NumberedNote[] = [],
): ChartOption {
  const about = reply.metrics.find(({ name }) => name === metric)
  const format = about?.format ?? "decimal"
  const { currency, rows, buckets = rows.map(({ time = "" }) => time) } = reply
  const byTime = new Map(rows.map((row) => [row.time, row]))
  const empty = format === "count" || format === "money" ? 0 : null
  const now = buckets.map((bucket) => byTime.get(bucket)?.values[metric] ?? empty)
  const before =
    reply.previousPeriod === undefined
      ? undefined
      : buckets.map((bucket) => byTime.get(bucket)?.previous?.[metric] ?? empty)
  const label = about?.label ?? metric
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: "inherit" },
    grid: {
      left: 4,
      right: 12,
      top: notes.length > 0 ? 20 : 12,
      bottom: 4,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    tooltip: {
      trigger: "axis",
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontSize: 12 },
      axisPointer: { lineStyle: { color: colors.muted, type: "solid", width: 1 } },
      valueFormatter: (value) => shown(value as number | null, format, currency),
    },
    xAxis: {
      type: "category",
      data: buckets.map((bucket) => dayText(bucket, grain)),
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: {
        color: colors.muted,
        fontSize: 11,
        formatter: (value: number) => shown(value, format, currency, { short: true }),
      },
    },
    series: [
      ...(before === undefined
        ? []
        : [
            {
              type: "line" as const,
              name: "Before",
              data: before,
              symbol: "none",
              color: colors.muted,
              lineStyle: { color: colors.muted, width: 1.25, type: "dashed" as const },
            },
          ]),
      {
        type: "line",
        name: label,
        data: now,
        showSymbol: buckets.length === 1,
        symbolSize: 6,
        color: colors.accent,
        lineStyle: { color: colors.accent, width: 2 },
        areaStyle: { color: colors.accent, opacity: 0.07 },
        markLine: {
          silent: true,
          symbol: "none",
          animation: false,
          lineStyle: { color: colors.muted, type: "dotted", width: 1 },
          label: {
            formatter: "{b}",
            position: "end",
            distance: 2,
            color: colors.surface,
            backgroundColor: colors.muted,
            borderRadius: 7,
            padding: [0, 5],
            lineHeight: 14,
            fontSize: 10,
          },
          data: marksOf(notes, buckets),
        },
      },
    ],
  }
}

/** A line for each part of time that has notes, with their numbers. */
function marksOf(
  notes: readonly NumberedNote[],
  buckets: readonly string[],
): { xAxis: number; name: string }[] {
  return buckets.flatMap((bucket, xAxis) => {
    const numbers = notes.filter((note) => note.bucket === bucket).map(({ number }) => number)
    return numbers.length === 0 ? [] : [{ xAxis, name: numbers.join(" ") }]
  })
}
