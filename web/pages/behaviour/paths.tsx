import { useCallback, useMemo, useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { Chart } from "../../charts/chart.tsx"
import { kindOfNode, sankey } from "../../charts/sankey.ts"
import type { Colors } from "../../charts/trend.ts"
import { shown } from "../../format.ts"
import { Card } from "../../parts/card.tsx"
import { useAnswer, useChoice } from "../../state/shop.ts"
import { flowsOf } from "./flows.ts"

/** The paths that are drawn; of a large shop the rarest are left out. */
const PATHS = 2000
const STEPS = 6

export function Paths() {
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer({ metrics: ["sessions"], by: ["page_path"], limit: PATHS }, attempt)
  return (
    <Card
      title="From page to page"
      note="Visits by the kinds of pages that they came to, one after the other. Choose a page, or click on one, to begin there."
      answer={answer}
      retry={() => setAttempt(attempt + 1)}
      wide
    >
      {(reply) => <PathsChart reply={reply} />}
    </Card>
  )
}

function PathsChart({ reply }: { reply: QueryReply }) {
  const [start, choose] = useChoice("start")
  const flows = useMemo(() => flowsOf(reply.rows, start === "" ? undefined : start, STEPS), [reply, start])
  const option = useCallback((colors: Colors) => sankey(flows, colors), [flows])
  const from = start === undefined || start === "" ? "their first page" : start
  const count = shown(flows.sessions, "count", undefined)
  return (
    <>
      <p class="start">
        <label>
          Begin at{" "}
          <select value={start ?? ""} onChange={({ currentTarget: { value } }) => choose(value)}>
            <option value="">the first page</option>
            {flows.kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kind}
              </option>
            ))}
          </select>
        </label>
        <span class="note">
          {count} sessions from {from} on
          {reply.truncated && `, those of the ${PATHS.toLocaleString()} most frequent paths`}
        </span>
      </p>
      <div class="scroll wide-chart" tabIndex={0}>
        <Chart
          option={option}
          height={360}
          label={`${count} sessions and where they went from ${from}; the table has the paths`}
          onPick={(name) => {
            const kind = kindOfNode(name)
            if (kind !== undefined) choose(kind)
          }}
        />
      </div>
    </>
  )
}
