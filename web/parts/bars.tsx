import type { QueryReply } from "../../src/server/api.ts"
import { columnOf, valueText } from "../format.ts"
import { frozen } from "../state/known.ts"
import { usePage } from "../state/shop.ts"
import { toggled } from "../state/view.ts"
import { Change } from "./change.tsx"

/** Values of a dimension as bars; a click filters the page by one. The bar shows the first metric, figures stand for all. */
export function Bars({ reply, dimension }: { reply: QueryReply; dimension: string }) {
  const { view, change } = usePage()
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
  const chosen = view.filters.find((filter) => filter.dimension === dimension)?.values
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
          const share = ((row.values[first.name] ?? 0) / most) * 100
          const before = ((row.previous?.[first.name] ?? 0) / most) * 100
          const isChosen = chosen?.includes(value) === true
          return (
            <tr key={String(value)} class={chosen === undefined || isChosen ? "" : "pale"}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={isChosen}
                  title="Filter the page by it"
                  disabled={frozen !== undefined}
                  onClick={() => change({ filters: toggled(view.filters, dimension, value) })}
                >
                  <span class="bar" style={{ width: `${share}%` }} />
                  {before > 0 && <span class="mark" style={{ left: `${before}%` }} />}
                  <span class="text">{valueText(value)}</span>
                </button>
              </th>
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
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
