import { useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { dayText, shown } from "../../format.ts"
import { Card } from "../../parts/card.tsx"
import { useAnswer, useChoice, usePage } from "../../state/shop.ts"
import { cohortsOf } from "./cohorts.ts"

const MONTHS = 12

export function CohortMap() {
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer(
    {
      metrics: ["cohort_customers", "cohort_sales"],
      by: ["months_since"],
      grain: "month",
      limit: 10_000,
      of: "period",
    },
    attempt,
  )
  return (
    <Card
      title="Cohorts"
      note="Customers by the month of their first purchase, if it lies in the period, and the months after it."
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
      wide
    >
      {(reply) => <Heat reply={reply} />}
    </Card>
  )
}

function Heat({ reply }: { reply: QueryReply }) {
  const { shop } = usePage()
  const [what, choose] = useChoice("cohorts")
  const bySales = what === "sales"
  const cohorts = cohortsOf(reply.rows, shop.coverage?.to ?? "", MONTHS)
  const columns = Math.max(...cohorts.map(({ months }) => months.length), 1)
  // The first month is everybody; beside it all others would be pale.
  const most = Math.max(
    ...cohorts.flatMap(({ months }) =>
      bySales
        ? months.map(({ salesSoFar }) => salesSoFar)
        : months.slice(1).map(({ retention }) => retention),
    ),
    0.0001,
  )
  return (
    <>
      <p class="switch" role="group" aria-label="What the cohorts show">
        <button type="button" aria-pressed={!bySales} onClick={() => choose(undefined)}>
          Share that bought again
        </button>
        <button type="button" aria-pressed={bySales} onClick={() => choose("sales")}>
          Net sales so far per customer
        </button>
      </p>
      <div class="scroll whole" tabIndex={0}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">First purchase</th>
              <th scope="col" class="number">
                Customers
              </th>
              {Array.from({ length: columns }, (_, since) => (
                <th key={since} scope="col">
                  {since === 0 ? "same month" : `+${since}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map(({ month, customers, months }) => (
              <tr key={month}>
                <th scope="row">{dayText(month, "month", true)}</th>
                <td class="number">{shown(customers, "count", undefined)}</td>
                {Array.from({ length: columns }, (_, since) => {
                  const cell = months[since]
                  if (cell === undefined) return <td key={since} />
                  const value = bySales ? cell.salesSoFar : cell.retention
                  const heat = !bySales && since === 0 ? 0 : Math.round((value / most) * 70)
                  return (
                    <td key={since} class="cell" style={{ "--heat": `${heat}%` }}>
                      {bySales
                        ? shown(value, "money", reply.currency, { short: true, large: true })
                        : shown(value, "percent", undefined, { short: since === 0 })}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
