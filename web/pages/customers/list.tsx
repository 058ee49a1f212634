import { useState } from "preact/hooks"
import type { CustomersReply } from "../../../src/server/api.ts"
import { columnOf, dayText, shown, valueText } from "../../format.ts"
import { PersonButton } from "../../parts/person.tsx"
import { Waiting } from "../../parts/waiting.tsx"
import { shownOf, useAsked } from "../../state/ask.ts"
import { addressOf, concerning, useChoice, usePage } from "../../state/shop.ts"
import { cellConditions } from "./grid.tsx"

const EACH = 25

/** Who is behind the segments: those that the page's filters and the chosen cell leave. */
export function CustomerList({ open }: { open: (customer: string) => void }) {
  const { shop, view } = usePage()
  const [attempt, setAttempt] = useState(0)
  const [rows, setRows] = useState(EACH)
  const [cell, choose] = useChoice("cell")
  const { kept, ignored } = concerning(shop, view.filters, ["segment_customers"])
  const where = [...cellConditions(cell), ...kept.map(({ dimension, values }) => ({ dimension, is: values }))]
  const asked = useAsked<CustomersReply>(addressOf("customers", { where, limit: rows }), attempt)
  const reply = shownOf(asked)
  const sales = columnOf(
    reply?.customers.map(({ netSales }) => netSales) ?? [],
    "money",
    reply?.customers[0]?.currency ?? undefined,
  )
  return (
    <section class="card" aria-busy={asked.state === "loading"}>
      <header>
        <h2>Who they are</h2>
        {where.length > 0 && cell !== undefined && cell !== "" && (
          <div class="tools">
            <button type="button" onClick={() => choose(undefined)}>
              Show all
            </button>
          </div>
        )}
      </header>
      <p class="note">
        {reply === undefined ? "" : `${shown(reply.total, "count", undefined)} customers`}
        {cellConditions(cell).length > 0 && " of the chosen cell"}, the most valuable first.
      </p>
      {ignored.length > 0 && <p class="note warn">Not filtered by {ignored.join(", ")}.</p>}
      <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
        {(there) => (
          <div class="scroll" tabIndex={0}>
            <table class="spaced">
              <thead>
                <tr>
                  <th scope="col">Customer</th>
                  <th scope="col">Segment</th>
                  <th scope="col">Country</th>
                  <th scope="col" class="number">
                    Orders
                  </th>
                  <th scope="col" class="number">
                    Net sales
                  </th>
                  <th scope="col">Last purchase</th>
                </tr>
              </thead>
              <tbody>
                {there.customers.map((each) => (
                  <tr key={each.person.customerDurableKey}>
                    <th scope="row">
                      <PersonButton person={each.person} open={open} />
                    </th>
                    <td>{each.segment}</td>
                    <td>{valueText(each.country)}</td>
                    <td class="number">{shown(each.orders, "count", undefined)}</td>
                    <td class="number">{sales(each.netSales)}</td>
                    <td>{dayText(each.lastPurchase, "day", true)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {there.total > there.customers.length && rows < 500 && (
              <button type="button" class="more" onClick={() => setRows(Math.min(rows * 2, 500))}>
                More
              </button>
            )}
          </div>
        )}
      </Waiting>
    </section>
  )
}
