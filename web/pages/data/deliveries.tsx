import type { DataReply } from "../../../src/server/api.ts"
import { dayText, shown } from "../../format.ts"

const count = (rows: number) => shown(rows, "count", undefined)

export function Deliveries({ deliveries }: { deliveries: DataReply["deliveries"] }) {
  return (
    <section class="card">
      <header>
        <h2>Newest deliveries</h2>
      </header>
      <div class="scroll" tabIndex={0}>
        <table class="spaced">
          <thead>
            <tr>
              <th scope="col">Data set</th>
              <th scope="col">As of</th>
              <th scope="col">Kind</th>
              {["Records", "Rejected", "Flagged", "Without fault"].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {deliveries.map((each, i) => (
              <tr key={i}>
                <th scope="row">
                  {each.source}.{each.dataset}
                </th>
                <td>{dayText(each.asOf.slice(0, 10), "day", true)}</td>
                <td>{each.kind}</td>
                <td class="number">{count(each.rows)}</td>
                <td class="number">{count(each.rejected)}</td>
                <td class="number">{count(each.flagged)}</td>
                <td class="number">{shown(each.score, "percent", undefined)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
