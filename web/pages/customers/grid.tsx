import { useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { shown } from "../../format.ts"
import { Card } from "../../parts/card.tsx"
import { useAnswer, useChoice } from "../../state/shop.ts"

const SCORES = ["1", "2", "3", "4", "5"]

/** Customers by how recently and how often they bought. A cell is a button: the list below shows who is in it. */
export function SegmentGrid() {
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer(
    {
      metrics: ["segment_customers", "segment_sales"],
      by: ["frequency_score", "recency_score"],
      limit: 100,
      of: "now",
    },
    attempt,
  )
  return (
    <Card
      title="How recently, how often"
      note="Every fifth of the customers is a step; 5 is best. Choose a cell to see who is in it."
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
    >
      {(reply) => <Grid reply={reply} />}
    </Card>
  )
}

function Grid({ reply }: { reply: QueryReply }) {
  const [cell, choose] = useChoice("cell")
  const rowOf = new Map(
    reply.rows.map((row) => [`${row.by["recency_score"]}-${row.by["frequency_score"]}`, row]),
  )
  const most = Math.max(...reply.rows.map(({ values }) => values["segment_customers"] ?? 0), 1)
  return (
    <table class="heat rfm">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">How often</span>
          </th>
          {SCORES.map((recency) => (
            <th key={recency} scope="col">
              {recency === "1" ? "1 long ago" : recency === "5" ? "5 lately" : recency}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SCORES.toReversed().map((frequency) => (
          <tr key={frequency}>
            <th scope="row">{frequency === "5" ? "5 often" : frequency === "1" ? "1 once" : frequency}</th>
            {SCORES.map((recency) => {
              const name = `${recency}-${frequency}`
              const values = rowOf.get(name)?.values
              const count = values?.["segment_customers"] ?? 0
              return (
                <td key={recency} style={{ "--heat": `${Math.round((count / most) * 70)}%` }}>
                  {count > 0 && (
                    <button
                      type="button"
                      aria-pressed={cell === name}
                      title={`${shown(values?.["segment_sales"], "money", reply.currency)} so far`}
                      onClick={() => choose(cell === name ? undefined : name)}
                    >
                      {shown(count, "count", undefined)}
                      <span class="hidden">
                        {" "}
                        customers, recency {recency}, frequency {frequency}
                      </span>
                    </button>
                  )}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The conditions that a chosen cell makes. */
export function cellConditions(cell: string | undefined): { dimension: string; is: string[] }[] {
  const [, recency, frequency] = /^([1-5])-([1-5])$/.exec(cell ?? "") ?? []
  return recency === undefined || frequency === undefined
    ? []
    : [
        { dimension: "recency_score", is: [recency] },
        { dimension: "frequency_score", is: [frequency] },
      ]
}
