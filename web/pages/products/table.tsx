import { useState } from "preact/hooks"
import type { QueryReply } from "../../../src/server/api.ts"
import { Sparkline } from "../../charts/sparkline.tsx"
import { columnOf, shown, valueText } from "../../format.ts"
import { BarRow } from "../../parts/bar-row.tsx"
import { Card } from "../../parts/card.tsx"
import { Change } from "../../parts/change.tsx"
import { shownOf } from "../../state/ask.ts"
import { grainOf, isThere, periodOf, useAnswer, usePage } from "../../state/shop.ts"

const LIMIT = 20

/** The way of a product: looked at, put into the cart, bought, sent back. Those that a shop does not know are left out. */
const COLUMNS = [
  "net_sales",
  "product_viewers",
  "product_cart_rate",
  "orders",
  "orders_per_view",
  "units",
  "return_rate",
  "margin_rate",
]

/** Products with their way from a view to a return, and how their sales went. A click filters the page by one. */
export function ProductTable() {
  const page = usePage()
  const [attempt, setAttempt] = useState(0)
  const metrics = COLUMNS.filter((metric) => isThere(page.shop, metric))
  const answer = useAnswer(
    { metrics, by: ["product_name"], limit: LIMIT, unfiltered: "product_name" },
    attempt,
  )
  const names = shownOf(answer.asked)?.rows.flatMap(({ by }) => by["product_name"] ?? []) ?? []
  const period = periodOf(page)
  const series = useAnswer(
    {
      metrics: ["net_sales"],
      by: ["product_name"],
      grain: period === undefined ? "month" : grainOf(period),
      where: [{ dimension: "product_name", is: names }],
      limit: 10_000,
      unfiltered: "product_name",
      of: "period",
    },
    attempt,
    names.length > 0,
  )
  return (
    <Card title="Best sellers" answer={answer} retry={() => setAttempt(attempt + 1)} wide>
      {(reply) => <Rows reply={reply} series={shownOf(series.asked)} />}
    </Card>
  )
}

function Rows({ reply, series }: { reply: QueryReply; series: QueryReply | undefined }) {
  const [first, ...others] = reply.metrics
  if (first === undefined) return null
  const money = columnOf(
    reply.rows.map(({ values }) => values[first.name]),
    first.format,
    reply.currency,
  )
  const most = Math.max(...reply.rows.map(({ values }) => values[first.name] ?? 0), 1)
  const salesOf = new Map(
    series?.rows.map(({ time, by, values }) => [`${by["product_name"]} ${time}`, values["net_sales"] ?? 0]),
  )
  return (
    <div class="scroll whole" tabIndex={0}>
      <table class="bars products">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Product</span>
            </th>
            <th scope="col">Over time</th>
            <th scope="col" class="number">
              {first.label}
            </th>
            {reply.previousPeriod !== undefined && (
              <th scope="col" class="number">
                Change
              </th>
            )}
            {others.map(({ name, label }) => (
              <th key={name} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {reply.rows.map(({ by, values, previous }) => {
            const name = by["product_name"] ?? null
            return (
              <BarRow
                key={String(name)}
                dimension="product_name"
                value={name}
                share={(values[first.name] ?? 0) / most}
              >
                <td class="line">
                  <Sparkline
                    label={`Net sales of ${valueText(name)} over the period`}
                    values={(series?.buckets ?? []).map((bucket) => salesOf.get(`${name} ${bucket}`) ?? 0)}
                  />
                </td>
                <td class="number">{money(values[first.name])}</td>
                {previous !== undefined && (
                  <td class="number">
                    <Change
                      value={values[first.name]}
                      before={previous[first.name]}
                      format={first.format}
                      better={first.better}
                    />
                  </td>
                )}
                {others.map((metric) => (
                  <td key={metric.name} class="number">
                    {shown(values[metric.name], metric.format, reply.currency)}
                  </td>
                ))}
              </BarRow>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
