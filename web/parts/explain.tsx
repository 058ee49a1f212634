import { useEffect, useRef } from "preact/hooks"
import type { ExplainReply } from "../../src/server/api.ts"
import { useAsked } from "../state/ask.ts"
import { addressOf } from "../state/shop.ts"

/** What the numbers of a card are made of. */
export function Explain({ question, close }: { question: object; close: () => void }) {
  const asked = useAsked<ExplainReply>(addressOf("explain", question))
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label="Explanation"
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="explanation">
        <header>
          <h2>What these numbers are made of</h2>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        {asked.state === "loading" && (
          <div class="skeleton" role="status">
            <span class="hidden">Loading</span>
          </div>
        )}
        {asked.state === "failed" && <p role="alert">{asked.message}</p>}
        {asked.state === "there" && <Explanation reply={asked.reply} />}
      </div>
    </dialog>
  )
}

function Explanation({ reply: { definitions, sql, behind } }: { reply: ExplainReply }) {
  const script = [...sql.views, ...sql.queries].map((each) => `${each};`).join("\n\n")
  return (
    <>
      {definitions.map((definition) => (
        <dl key={definition.name}>
          <dt>{definition.label}</dt>
          <dd>{definition.description}</dd>
          <dt>Formula</dt>
          <dd>
            <code>{definition.formula}</code>
          </dd>
          <dt>Reads</dt>
          <dd>{definition.grain.join("; ")}</dd>
          <dt>Adds up</dt>
          <dd>{definition.addsUp}</dd>
          <dt>Declared in</dt>
          <dd>
            <code>{definition.file}</code>
          </dd>
        </dl>
      ))}
      <h3>Quality</h3>
      <p>
        {behind.quality === undefined
          ? "There is no delivery to judge by."
          : `Grade ${behind.quality.grade}: ${(behind.quality.score * 100).toFixed(2)} % of the delivered records behind these numbers are without a fault.`}
      </p>
      {behind.screens.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Data set</th>
              <th scope="col">Screen</th>
              <th scope="col">Action</th>
              <th scope="col" class="number">
                Records
              </th>
            </tr>
          </thead>
          <tbody>
            {behind.screens.map((each) => (
              <tr key={`${each.source}.${each.dataset}.${each.screen}`}>
                <th scope="row">
                  {each.source}.{each.dataset}
                </th>
                <td>{each.description ?? each.screen}</td>
                <td>{each.action}</td>
                <td class="number">{each.records.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>Deliveries</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Data set</th>
            <th scope="col">As of (UTC)</th>
            <th scope="col" class="number">
              Records
            </th>
            <th scope="col" class="number">
              Rejected
            </th>
          </tr>
        </thead>
        <tbody>
          {behind.landings.slice(0, 20).map((each) => (
            <tr key={each.landing}>
              <th scope="row">
                {each.source}.{each.dataset}
              </th>
              <td>{each.asOf.slice(0, 16)}</td>
              <td class="number">{each.rows.toLocaleString()}</td>
              <td class="number">{each.rejected.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>Models, from the number back to what was delivered</h3>
      <ul class="models">
        {behind.models?.map(({ name, parents }) => (
          <li key={name}>
            <code>{name}</code> ← {parents.join(", ")}
          </li>
        )) ?? <li>The manifest of the run that built them is gone.</li>}
      </ul>
      <h3>
        The SQL, to run in DuckDB{" "}
        <button type="button" onClick={() => void navigator.clipboard.writeText(script)}>
          Copy
        </button>
      </h3>
      <pre tabIndex={0}>{script}</pre>
    </>
  )
}
