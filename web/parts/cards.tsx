import { useCallback, useState } from "preact/hooks"
import { Chart } from "../charts/chart.tsx"
import { type Colors, trend } from "../charts/trend.ts"
import type { QueryReply } from "../../src/server/api.ts"
import { grainOf, metricOf, periodOf, useAnswer, usePage } from "../state/shop.ts"
import { Bars } from "./bars.tsx"
import { Card, useLabel } from "./card.tsx"

/** A metric over the period. */
export function TrendCard({ metric, title }: { metric: string; title?: string }) {
  const page = usePage()
  const [attempt, setAttempt] = useState(0)
  const period = periodOf(page)
  const grain = period === undefined ? "month" : grainOf(period)
  const answer = useAnswer({ metrics: [metric], grain }, attempt)
  const label = title ?? `${metricOf(page.shop, metric)?.label ?? metric} by ${grain}`
  return (
    <Card title={label} answer={answer} retry={() => setAttempt(attempt + 1)} wide>
      {(reply) => <TrendChart reply={reply} metric={metric} grain={grain} label={label} />}
    </Card>
  )
}

function TrendChart({
  reply,
  metric,
  grain,
  label,
}: {
  reply: QueryReply
  metric: string
  grain: string
  label: string
}) {
  const option = useCallback((colors: Colors) => trend(reply, metric, grain, colors), [reply, metric, grain])
  return <Chart option={option} height={260} label={label} />
}

/** Metrics by a dimension, the largest first. */
export function BarsCard({
  metrics,
  by,
  title,
  note,
  limit = 10,
}: {
  metrics: [string, ...string[]]
  by: string
  title?: string
  note?: string
  limit?: number
}) {
  const { shop } = usePage()
  const labelOf = useLabel()
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer({ metrics, by: [by], limit, unfiltered: by }, attempt)
  const what = title ?? metricOf(shop, metrics[0])?.label ?? metrics[0]
  return (
    <Card
      title={`${what} by ${labelOf(by).toLowerCase()}`}
      note={note}
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
    >
      {(reply) => <Bars reply={reply} dimension={by} />}
    </Card>
  )
}
