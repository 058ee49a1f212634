import { useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { columnOf, shown } from "../../format.ts"
import { Card, useLabel } from "../../parts/card.tsx"
import { BarRow } from "../../parts/bar-row.tsx"
import { useAnswer } from "../../state/shop.ts"
import { leaksOf } from "./leaks.ts"

/** The funnel by a dimension, with what each member's biggest leak is worth. */
export function LeakCard({
  by,
  steps,
  order,
  currency,
  note,
}: {
  by: string
  steps: readonly string[]
  order: number
  currency: string | undefined
  note?: string
}) {
  const labelOf = useLabel()
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer({ metrics: [...steps], by: [by], limit: 12, unfiltered: by }, attempt)
  return (
    <Card
      title={`Funnel by ${labelOf(by).toLowerCase()}`}
      note={note}
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
    >
      {(reply) => <Leaks {...{ reply, by, steps, order, currency }} />}
    </Card>
  )
}

function Leaks({
  reply,
  by,
  steps,
  order,
  currency,
}: {
  reply: QueryReply
  by: string
  steps: readonly string[]
  order: number
  currency: string | undefined
}) {
  const leaks = leaksOf(reply, by, steps, order)
  const most = Math.max(...leaks.map((leak) => leak.steps[0]?.count ?? 0), 1)
  const money = columnOf(
    leaks.map(({ worth }) => worth),
    "money",
    currency,
  )
  return (
    <table class="bars leaks">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Value</span>
          </th>
          <th scope="col" class="number">
            Sessions
          </th>
          {leaks[0]?.steps.slice(1).map(({ name, label }) => (
            <th key={name} scope="col" class="number">
              {label}
            </th>
          ))}
          <th scope="col" class="number">
            Biggest leak
          </th>
        </tr>
      </thead>
      <tbody>
        {leaks.map(({ value, steps: taken, worst, worth }) => (
          <BarRow key={String(value)} dimension={by} value={value} share={(taken[0]?.count ?? 0) / most}>
            <td class="number">{shown(taken[0]?.count, "count", undefined)}</td>
            {taken.slice(1).map((step) => (
              <td key={step.name} class={`number ${step === worst ? "change bad" : ""}`}>
                {shown(step.rate, "percent", undefined)}
              </td>
            ))}
            <td class="number">{worst === undefined ? "–" : money(worth)}</td>
          </BarRow>
        ))}
      </tbody>
    </table>
  )
}
