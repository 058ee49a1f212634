import { useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { dayText, shown, valueText } from "../../format.ts"
import { Card } from "../../parts/card.tsx"
import { useAnswer } from "../../state/shop.ts"

const RANKS = ["1", "2", "3", "4", "5"]

/** The best products of each month; products that tie share a place. */
export function BestByMonth() {
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer(
    {
      metrics: ["ranked_sales"],
      by: ["sales_rank", "product_name"],
      grain: "month",
      where: [{ dimension: "sales_rank", is: RANKS }],
      limit: 2000,
      of: "period",
    },
    attempt,
  )
  return (
    <Card
      title="Best sellers of each month"
      note="By net sales, in the whole shop."
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
      wide
    >
      {(reply) => <Months reply={reply} />}
    </Card>
  )
}

function Months({ reply }: { reply: QueryReply }) {
  const months = [...new Set(reply.rows.map(({ time = "" }) => time))].sort().toReversed()
  return (
    <div class="scroll" tabIndex={0}>
      <table class="spaced best">
        <thead>
          <tr>
            <th scope="col">Month</th>
            {RANKS.map((rank) => (
              <th key={rank} scope="col">
                {rank}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month}>
              <th scope="row">{dayText(month, "month", true)}</th>
              {RANKS.map((rank) => (
                <td key={rank}>
                  {reply.rows
                    .filter(({ time, by }) => time === month && by["sales_rank"] === rank)
                    .map(({ by, values }) => (
                      <p key={by["product_name"]}>
                        {valueText(by["product_name"])}{" "}
                        <span class="note">{shown(values["ranked_sales"], "money", reply.currency)}</span>
                      </p>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
