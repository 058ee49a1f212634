import type { ComponentChildren } from "preact"
import { valueText } from "../format.ts"
import { frozen } from "../state/known.ts"
import { usePage } from "../state/shop.ts"
import { toggled } from "../state/view.ts"

/**
 * A row of a table of a dimension's values: the value as a bar, a click on which filters the page by it, and further cells.
 * @param share length of the bar, 0 to 1
 * @param before where the bar ended in the period that is compared with, 0 to 1
 */
export function BarRow({
  dimension,
  value,
  share,
  before = 0,
  children,
}: {
  dimension: string
  value: string | null
  share: number
  before?: number
  children: ComponentChildren
}) {
  const { view, change } = usePage()
  const chosen = view.filters.find((filter) => filter.dimension === dimension)?.values
  const isChosen = chosen?.includes(value) === true
  return (
    <tr class={chosen === undefined || isChosen ? "" : "pale"}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isChosen}
          title="Filter the page by it"
          disabled={frozen !== undefined}
          onClick={() => change({ filters: toggled(view.filters, dimension, value) })}
        >
          <span class="bar" style={{ width: `${share * 100}%` }} />
          {before > 0 && <span class="mark" style={{ left: `${before * 100}%` }} />}
          <span class="text">{valueText(value)}</span>
        </button>
      </th>
      {children}
    </tr>
  )
}
