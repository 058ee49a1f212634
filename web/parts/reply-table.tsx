import type { QueryReply } from "../../src/server/api.ts"
import { dayText, shown, valueText } from "../format.ts"
import { labelOf, usePage } from "../state/shop.ts"
import { Change } from "./change.tsx"

/** The rows of an answer. */
export function ReplyTable({ reply }: { reply: QueryReply }) {
  const { shop } = usePage()
  const [first] = reply.rows
  const dimensions = Object.keys(first?.by ?? {})
  const compared = reply.previousPeriod !== undefined
  return (
    <div class="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {first?.time !== undefined && <th scope="col">Time</th>}
            {dimensions.map((name) => (
              <th key={name} scope="col">
                {labelOf(shop, name)}
              </th>
            ))}
            {reply.metrics.map(({ name, label }) => [
              <th key={name} scope="col" class="number">
                {label}
              </th>,
              compared && (
                <th key={`${name} change`} scope="col" class="number">
                  Change
                </th>
              ),
            ])}
          </tr>
        </thead>
        <tbody>
          {reply.rows.map((row) => (
            <tr key={JSON.stringify([row.time, row.by])}>
              {row.time !== undefined && <th scope="row">{dayText(row.time, "day", true)}</th>}
              {dimensions.map((name) => (
                <th key={name} scope="row">
                  {valueText(row.by[name])}
                </th>
              ))}
              {reply.metrics.map(({ name, format, better }) => [
                <td key={name} class="number">
                  {shown(row.values[name], format, reply.currency)}
                </td>,
                compared && (
                  <td key={`${name} change`} class="number">
                    <Change
                      value={row.values[name]}
                      before={row.previous?.[name]}
                      format={format}
                      better={better}
                    />
                  </td>
                ),
              ])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
