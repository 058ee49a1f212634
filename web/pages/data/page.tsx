import { useState } from "preact/hooks"
import type { DataReply } from "../../../src/server/api.ts"
import { dayText } from "../../format.ts"
import { Failure } from "../../parts/card.tsx"
import { useAsked } from "../../state/ask.ts"
import type { PageDeclaration } from "../pages.ts"

export const data: PageDeclaration = {
  name: "data",
  title: "Data",
  question: "What was delivered, what became of it, and what is wrong with it?",
  component: Data,
}

const count = (rows: number) => rows.toLocaleString()

function Data() {
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<DataReply>("/api/data", attempt)
  if (asked.state === "failed")
    return <Failure message={asked.message} retry={() => setAttempt(attempt + 1)} />
  const reply = asked.state === "there" ? asked.reply : asked.before
  if (reply === undefined)
    return (
      <div class="skeleton" role="status">
        <span class="hidden">Loading</span>
      </div>
    )
  if (reply.datasets.length === 0)
    return <p class="nothing">This version was published without quality records.</p>
  return (
    <>
      <Rows datasets={reply.datasets} />
      <Failures failures={reply.failures} screens={reply.screens} />
    </>
  )
}

function Rows({ datasets }: { datasets: DataReply["datasets"] }) {
  return (
    <section class="card">
      <header>
        <h2>Where every row went</h2>
      </header>
      <p class="note">
        Of each data set: received − rejected − repeated − replaced by a later one − deleted = in use.
      </p>
      <div class="scroll" tabIndex={0}>
        <table>
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

function Failures({ failures, screens }: { failures: DataReply["failures"]; screens: number }) {
  return (
    <section class="card">
      <header>
        <h2>Screens that fail</h2>
      </header>
      <p class="note">
        {count(screens)} checks look at the data. <code>cartwright errors show</code> leads to file and line.
      </p>
      {failures.length === 0 ? (
        <p class="nothing">None fails.</p>
      ) : (
        <div class="scroll" tabIndex={0}>
          <table>
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
                <tr
                  key={`${each.source}.${each.dataset}.${each.screen}.${each.action}`}
                  class={each.open > 0 ? "" : "pale"}
                >
                  <th scope="row">
                    {each.source}.{each.dataset}
                  </th>
                  <td>{each.description ?? each.screen}</td>
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
    </section>
  )
}
