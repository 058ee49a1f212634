import { useState } from "preact/hooks"
import { Sparkline } from "../charts/sparkline.tsx"
import { shown } from "../format.ts"
import { shownOf } from "../state/ask.ts"
import { frozen } from "../state/known.ts"
import { grainOf, isThere, metricOf, periodOf, useAnswer, usePage } from "../state/shop.ts"
import { Failure } from "./card.tsx"
import { Change } from "./change.tsx"
import { Explain } from "./explain.tsx"

/** Key figures in a row; with operators between them, an equation. */
export function Figures({
  metrics,
  operators = [],
}: {
  metrics: readonly string[]
  operators?: readonly string[]
}) {
  const { shop } = usePage()
  const there = metrics.filter((metric) => isThere(shop, metric))
  return (
    <div class={`figures${operators.length > 0 ? " equation" : ""}`}>
      {there.map((metric, i) => [
        i > 0 && operators[i - 1] !== undefined && (
          <span key={`${metric} operator`} class="operator" aria-hidden="true">
            {operators[i - 1]}
          </span>
        ),
        <Figure key={metric} metric={metric} />,
      ])}
    </div>
  )
}

function Figure({ metric }: { metric: string }) {
  const page = usePage()
  const [attempt, setAttempt] = useState(0)
  const [explaining, setExplaining] = useState(false)
  const listed = metricOf(page.shop, metric)
  const period = periodOf(page)
  const whole = useAnswer({ metrics: [metric] }, attempt)
  const parts = useAnswer(
    { metrics: [metric], grain: period === undefined ? "month" : grainOf(period) },
    attempt,
  )
  if (listed === undefined) return null
  const reply = shownOf(whole.asked)
  const series = shownOf(parts.asked)
  const [row] = reply?.rows ?? []
  const rowOf = new Map(series?.rows.map((each) => [each.time, each]))
  const buckets = series?.buckets ?? []
  return (
    <section class="figure" aria-busy={whole.asked.state === "loading"}>
      <h2>
        <button
          type="button"
          class="name"
          title={`${listed.description}. Explain it`}
          disabled={frozen !== undefined}
          onClick={() => setExplaining(true)}
        >
          {listed.label}
        </button>
        {listed.grade !== undefined && (
          <span
            class={`grade ${listed.grade}`}
            title={`Quality ${listed.grade}: how many delivered records are without a fault`}
          >
            {listed.grade}
          </span>
        )}
      </h2>
      {whole.asked.state === "failed" ? (
        <Failure message={whole.asked.message} retry={() => setAttempt(attempt + 1)} />
      ) : (
        <>
          <p class="value">
            {reply === undefined ? (
              <span class="skeleton line" />
            ) : (
              shown(row?.values[metric], listed.format, reply.currency)
            )}
          </p>
          <p class="against">
            {row?.previous !== undefined && (
              <>
                <Change
                  value={row.values[metric]}
                  before={row.previous[metric]}
                  format={listed.format}
                  better={listed.better}
                />
                <span class="before">from {shown(row.previous[metric], listed.format, reply?.currency)}</span>
              </>
            )}
          </p>
          <Sparkline
            label={`${listed.label} over the period`}
            values={buckets.map((bucket) => rowOf.get(bucket)?.values[metric] ?? null)}
            before={
              series?.previousPeriod === undefined
                ? undefined
                : buckets.map((bucket) => rowOf.get(bucket)?.previous?.[metric] ?? null)
            }
          />
        </>
      )}
      {whole.ignored.length > 0 && <p class="note warn">Not filtered by {whole.ignored.join(", ")}</p>}
      {explaining && <Explain question={whole.question} close={() => setExplaining(false)} />}
    </section>
  )
}
