import type { DataReply } from "../../../src/server/api.ts"
import { shown } from "../../format.ts"
import { useChoice } from "../../state/shop.ts"

/** The columns of a data set's newest delivery, and which share of the records states them. */
export function Profile({ columns }: { columns: DataReply["columns"] }) {
  const datasets = [...new Set(columns.map(({ source, dataset }) => `${source}.${dataset}`))]
  const [wanted, choose] = useChoice("dataset")
  const chosen = datasets.find((name) => name === wanted) ?? datasets[0]
  const shownColumns = columns.filter(({ source, dataset }) => `${source}.${dataset}` === chosen)
  return (
    <section class="card">
      <header>
        <h2>How full the columns are</h2>
      </header>
      {chosen === undefined ? (
        <p class="nothing">Nothing is known of columns.</p>
      ) : (
        <>
          <p class="start">
            <label>
              Data set{" "}
              <select value={chosen} onChange={({ currentTarget: { value } }) => choose(value)}>
                {datasets.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <span class="note">
              {shown(shownColumns[0]?.rows, "count", undefined)} records in the newest delivery
            </span>
          </p>
          <div class="scroll" tabIndex={0}>
            <table class="fill">
              <tbody>
                {shownColumns.map(({ column, rows, missing }) => {
                  const share = rows === 0 ? 0 : 1 - missing / rows
                  return (
                    <tr key={column}>
                      <th scope="row">
                        <code>{column}</code>
                      </th>
                      <td>
                        <span class="track">
                          <span class="bar" style={{ width: `${share * 100}%` }} />
                        </span>
                      </td>
                      <td class="number">{shown(share, "percent", undefined)}</td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
          <p class="note">
            Types, patterns, keys and suspicious values:{" "}
            <code>cartwright profile {chosen} --html profile.html</code>
          </p>
        </>
      )}
    </section>
  )
}
