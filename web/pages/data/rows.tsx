import type { DataReply } from "../../../src/server/api.ts"
import { dayText, shown } from "../../format.ts"

const count = (rows: number) => shown(rows, "count", undefined)

/** The equation of each data set: every row received is in use or accounted for. */
export function Rows({ datasets }: { datasets: DataReply["datasets"] }) {
  return (
    <section class="card">
      <header>
        <h2>Where every row went</h2>
      </header>
      <p class="note">
        Of each data set: received − rejected − repeated − replaced by a later one − deleted = in use.
      </p>
      <div class="scroll" tabIndex={0}>
        <table class="spaced">
          <thead>
            <tr>
              <th scope="col">Data set</th>
              <th scope="col">As of</th>
              {[
                "Deliveries",
                "Received",
                "Rejected",
                "Repeated",
                "Replaced",
                "Deleted",
                "In use",
                "Unexplained",
              ].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {datasets.map((each) => (
              <tr key={`${each.source}.${each.dataset}`}>
                <th scope="row">
                  {each.source}.{each.dataset}
                </th>
                <td>{dayText(each.asOf.slice(0, 10), "day", true)}</td>
                {[
                  each.deliveries,
                  each.received,
                  each.rejected,
                  each.repeated,
                  each.replaced,
                  each.deleted,
                  each.current,
                ].map((rows, i) => (
                  <td key={i} class="number">
                    {count(rows)}
                  </td>
                ))}
                <td class={`number ${each.unexplained === 0 ? "" : "change bad"}`}>
                  {count(each.unexplained)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
