import { useState } from "preact/hooks"
import type { DataReply, ErrorsReply } from "../../../src/server/api.ts"
import { dayText, shown, valueText } from "../../format.ts"
import { Waiting } from "../../parts/waiting.tsx"
import { useAsked } from "../../state/ask.ts"
import { addressOf, useChoice } from "../../state/shop.ts"

const count = (rows: number) => shown(rows, "count", undefined)
const nameOf = ({ source, dataset, screen }: DataReply["failures"][number]) =>
  `${source}.${dataset}.${screen}`

/** Screens that fail; one that is chosen leads to its records, each with file and line. */
export function Failures({ failures, screens }: { failures: DataReply["failures"]; screens: number }) {
  const [chosen, choose] = useChoice("screen")
  const failure = failures.find((each) => nameOf(each) === chosen)
  return (
    <section class="card">
      <header>
        <h2>Screens that fail</h2>
      </header>
      <p class="note">{count(screens)} checks look at the data. Choose one that fails to see its records.</p>
      {failures.length === 0 ? (
        <p class="nothing">None fails.</p>
      ) : (
        <div class="scroll" tabIndex={0}>
          <table class="spaced">
            <thead>
              <tr>
                <th scope="col">Data set</th>
                <th scope="col">What should hold</th>
                <th scope="col">Action</th>
                <th scope="col">Since</th>
                <th scope="col" class="number">
                  Records
                </th>
                <th scope="col" class="number">
                  Open
                </th>
              </tr>
            </thead>
            <tbody>
              {failures.map((each) => (
                <tr key={`${nameOf(each)}.${each.action}`} class={each.open > 0 ? "" : "pale"}>
                  <th scope="row">
                    {each.source}.{each.dataset}
                  </th>
                  <td class="wording">
                    <button
                      type="button"
                      class="link"
                      aria-expanded={each === failure}
                      onClick={() => choose(each === failure ? undefined : nameOf(each))}
                    >
                      {each.description ?? each.screen}
                    </button>
                  </td>
                  <td>{each.action}</td>
                  <td>{dayText(each.since.slice(0, 10), "day", true)}</td>
                  <td class="number">{count(each.records)}</td>
                  <td class="number">{count(each.open)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failure !== undefined && <Records key={nameOf(failure)} failure={failure} />}
    </section>
  )
}

function Records({ failure }: { failure: DataReply["failures"][number] }) {
  const { source, dataset, screen } = failure
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<ErrorsReply>(addressOf("errors", { source, dataset, screen }), attempt)
  return (
    <div class="records" aria-busy={asked.state === "loading"}>
      <h3>
        {source}.{dataset}: {screen}
      </h3>
      <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
        {({ total, records }) =>
          records.length === 0 ? (
            <p class="nothing">It is about whole deliveries: no record of its own fails.</p>
          ) : (
            <>
              {total > records.length && (
                <p class="note">
                  The first {count(records.length)} of {count(total)}; <code>cartwright errors show</code> has
                  all.
                </p>
              )}
              <div class="scroll" tabIndex={0}>
                <table class="spaced">
                  <thead>
                    <tr>
                      <th scope="col">File and line</th>
                      <th scope="col">Column</th>
                      <th scope="col">Value</th>
                      <th scope="col">Record</th>
                      <th scope="col">Since</th>
                      <th scope="col">State</th>
                    </tr>
                  </thead>
                  <tbody>
                    {records.map((each, i) => (
                      <tr key={i} class={each.open ? "" : "pale"}>
                        <th scope="row">
                          <code>
                            {each.file ?? "–"}
                            {each.line !== null && `:${each.line}`}
                          </code>
                        </th>
                        <td>{each.column ?? "–"}</td>
                        <td>{each.value === null ? <i>nothing</i> : each.value}</td>
                        <td>{valueText(each.record)}</td>
                        <td>{dayText(each.since.slice(0, 10), "day", true)}</td>
                        <td>
                          {each.open ? "open" : "mended"}
                          {each.rejected && ", not used"}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }
      </Waiting>
    </div>
  )
}
