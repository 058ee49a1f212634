import type { QueryReply } from "../../src/server/api.ts"
import { columnOf } from "../format.ts"
import { BarRow } from "./bar-row.tsx"
import { Change } from "./change.tsx"

/** Values of a dimension as bars; a click filters the page by one. The bar shows the first metric, figures stand for all. */
export function Bars({ reply, dimension }: { reply: QueryReply; dimension: string }) {
  const [first, ...others] = reply.metrics
  if (first === undefined) return null
  const most =
    Math.max(
      ...reply.rows.map((row) => Math.max(row.values[first.name] ?? 0, row.previous?.[first.name] ?? 0)),
      0,
    ) || 1
  const texts = new Map(
    reply.metrics.map(({ name, format }) => [
      name,
      columnOf(
        reply.rows.map((row) => row.values[name]),
        format,
        reply.currency,
      ),
    ]),
  )
  return (
    <table class="bars">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Value</span>
          </th>
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
        {reply.rows.map((row) => {
          const value = row.by[dimension] ?? null
          return (
            <BarRow
              key={String(value)}
              dimension={dimension}
              value={value}
              share={(row.values[first.name] ?? 0) / most}
              before={(row.previous?.[first.name] ?? 0) / most}
            >
              <td class="number">{texts.get(first.name)?.(row.values[first.name])}</td>
              {row.previous !== undefined && (
                <td class="number">
                  <Change
                    value={row.values[first.name]}
                    before={row.previous[first.name]}
                    format={first.format}
                    better={first.better}
                  />
                </td>
              )}
              {others.map(({ name }) => (
                <td key={name} class="number">
                  {texts.get(name)?.(row.values[name])}
                </td>
              ))}
            </BarRow>
          )
        })}
      </tbody>
    </table>
  )
}
