import { useCallback, useMemo, useState } from "preact/hooks"
import { Chart } from "../charts/chart.tsx"
import { HUES, stack } from "../charts/stack.ts"
import { type Colors, trend } from "../charts/trend.ts"
import type { QueryReply } from "../../src/server/api.ts"
import { numbered } from "../state/notes.ts"
import { grainOf, isThere, isValueless, metricOf, periodOf, useAnswer, usePage } from "../state/shop.ts"
import { Bars } from "./bars.tsx"
import { Card, useLabel } from "./card.tsx"
import { Notes } from "./notes.tsx"

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

/** Metrics over the period, which are parts of a whole. */
export function StackCard({ metrics, title }: { metrics: readonly string[]; title: string }) {
  const page = usePage()
  const [attempt, setAttempt] = useState(0)
  const period = periodOf(page)
  const grain = period === undefined ? "month" : grainOf(period)
  const answer = useAnswer({ metrics: [...metrics], grain }, attempt)
  const label = `${title} by ${grain}`
  return (
    <Card title={label} answer={answer} retry={() => setAttempt(attempt + 1)} wide>
      {(reply) => <StackChart reply={reply} metrics={metrics} grain={grain} label={label} />}
    </Card>
  )
}

function StackChart({
  reply,
  metrics,
  grain,
  label,
}: {
  reply: QueryReply
  metrics: readonly string[]
  grain: string
  label: string
}) {
  const option = useCallback(
    (colors: Colors) => stack(reply, metrics, grain, colors),
    [reply, metrics.join(), grain],
  )
  return (
    <>
      <ul class="legend">
        {metrics.map((metric, i) => (
          <li key={metric} style={{ "--hue": `var(--${HUES[i % HUES.length]})` }}>
            {reply.metrics.find(({ name }) => name === metric)?.label}
          </li>
        ))}
      </ul>
      <Chart option={option} height={220} label={label} />
    </>
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
  const { notes } = usePage()
  const { period, buckets = [] } = reply
  const marks = useMemo(
    () => (period === undefined ? [] : numbered(notes.all, buckets, period)),
    [notes.all, reply],
  )
  const option = useCallback(
    (colors: Colors) => trend(reply, metric, grain, colors, marks),
    [reply, metric, grain, marks],
  )
  return (
    <>
      <Chart option={option} height={260} label={label} />
      {period !== undefined && <Notes shown={marks} first={period.from} last={period.to} />}
    </>
  )
}

/** Metrics by a dimension, the largest first; nothing where the shop has no such numbers. */
export function BarsCard({ metrics, ...card }: BarsCardProps) {
  const { shop } = usePage()
  const [first, ...others] = metrics
  if (!isThere(shop, first) || isValueless(shop, card.by)) return null
  return <Ranked {...card} metrics={[first, ...others.filter((metric) => isThere(shop, metric))]} />
}

interface BarsCardProps {
  metrics: [string, ...string[]]
  by: string
  title?: string
  note?: string
  limit?: number
  of?: "now" | "period"
}

function Ranked({ metrics, by, title, note, limit = 10, of }: BarsCardProps) {
  const { shop } = usePage()
  const labelOf = useLabel()
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer(
    { metrics, by: [by], limit, unfiltered: by, ...(of === undefined ? {} : { of }) },
    attempt,
  )
  const what = title ?? `${metricOf(shop, metrics[0])?.label ?? metrics[0]} by ${labelOf(by).toLowerCase()}`
  return (
    <Card title={what} note={note} answer={answer} retry={() => setAttempt(attempt + 1)}>
      {(reply) => <Bars reply={reply} dimension={by} />}
    </Card>
  )
}
