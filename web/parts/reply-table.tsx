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

/** The same as CSV (RFC 4180), the numbers as they are. */
export function csvOf({ rows, metrics, previousPeriod }: QueryReply): string {
  const dimensions = Object.keys(rows[0]?.by ?? {})
  const timed = rows[0]?.time !== undefined
  const header = [
    ...(timed ? ["time"] : []),
    ...dimensions,
    ...metrics.flatMap(({ name }) => (previousPeriod === undefined ? [name] : [name, `${name}_before`])),
  ]
  const lines = rows.map((row) => [
    ...(timed ? [row.time ?? ""] : []),
    ...dimensions.map((name) => row.by[name] ?? ""),
    ...metrics.flatMap(({ name }) =>
      [row.values[name], ...(previousPeriod === undefined ? [] : [row.previous?.[name]])].map(
        (value) => value?.toString() ?? "",
      ),
    ),
  ])
  return [header, ...lines]
    .map((cells) =>
      cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","),
    )
    .join("\r\n")
}
