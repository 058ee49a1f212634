import { useEffect, useRef, useState } from "preact/hooks"
import type { LineageReply } from "../../../src/server/api.ts"
import { shown } from "../../format.ts"
import { Waiting } from "../../parts/waiting.tsx"
import { useAsked } from "../../state/ask.ts"
import { useChoice } from "../../state/shop.ts"
import { type Family, familyOf, type Table } from "./family.ts"

const FIRST = "fact_sales"
/** A table's box and the space around it, in pixels. */
const BOX = { width: 176, height: 24, across: 44, down: 8 }

/** Where a table comes from and what is made of it; another one is a click away. */
export function Lineage() {
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<LineageReply>("/api/lineage", attempt)
  return (
    <section class="card" aria-busy={asked.state === "loading"}>
      <header>
        <h2>Where it comes from</h2>
      </header>
      <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <p class="nothing">The record of the run that published this version is gone.</p>
          ) : (
            <Graph tables={nodes} />
          )
        }
      </Waiting>
    </section>
  )
}

function Graph({ tables }: { tables: readonly Table[] }) {
  const [wanted, choose] = useChoice("table")
  const chosen =
    tables.find(({ name }) => name === wanted) ?? tables.find(({ name }) => name === FIRST) ?? tables[0]
  if (chosen === undefined) return null
  const family = familyOf(tables, chosen.name)
  const layers = [...new Set(tables.map(({ layer }) => layer))]
  return (
    <>
      <p class="start">
        <label>
          Table{" "}
          <select value={chosen.name} onChange={({ currentTarget: { value } }) => choose(value)}>
            {layers.map((layer) => (
              <optgroup key={layer} label={layer}>
                {tables
                  .filter((table) => table.layer === layer)
                  .map(({ name }) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        <span class="note">
          {chosen.grain !== undefined && `One row per ${chosen.grain}. `}
          {chosen.rows !== undefined && `${shown(chosen.rows, "count", undefined)} rows published. `}
          {chosen.description} {chosen.file !== undefined && <code>{chosen.file}</code>}
        </span>
      </p>
      <Drawing family={family} chosen={chosen} choose={choose} />
    </>
  )
}

function Drawing({
  family: { places, edges, columns, rows },
  chosen,
  choose,
}: {
  family: Family
  chosen: Table
  choose: (name: string) => void
}) {
  const left = (column: number) => column * (BOX.width + BOX.across)
  const inColumn = Array.from(
    { length: columns },
    (_, column) => places.filter((place) => place.column === column).length,
  )
  /** Columns stand in the middle, one beside the other. */
  const top = ({ column, row }: Family["places"][number]) =>
    (row + (rows - (inColumn[column] ?? 0)) / 2) * (BOX.height + BOX.down)
  const placeOf = new Map(places.map((place) => [place.table.name, place]))
  const width = left(columns) - BOX.across
  const view = useRef<HTMLDivElement>(null)
  const at = left(placeOf.get(chosen.name)?.column ?? 0)
  useEffect(() => {
    const shown = view.current
    if (shown !== null) shown.scrollLeft = at + BOX.width / 2 - shown.clientWidth / 2
  }, [at])
  const height = rows * (BOX.height + BOX.down)
  return (
    <div ref={view} class="scroll lineage" tabIndex={0}>
      <div style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          {edges.map(({ from, to }) => {
            const [parent, child] = [placeOf.get(from), placeOf.get(to)]
            if (parent === undefined || child === undefined) return null
            const x1 = left(parent.column) + BOX.width
            const x2 = left(child.column)
            const y1 = top(parent) + BOX.height / 2
            const y2 = top(child) + BOX.height / 2
            const bend = x1 + BOX.across / 2
            return (
              <path
                key={`${from} ${to}`}
                class={from === chosen.name || to === chosen.name ? "near" : ""}
                d={`M${x1},${y1} C${bend},${y1} ${x2 - BOX.across / 2},${y2} ${x2},${y2}`}
              />
            )
          })}
        </svg>
        <ul>
          {places.map((place) => (
            <li key={place.table.name} style={{ left: `${left(place.column)}px`, top: `${top(place)}px` }}>
              <button
                type="button"
                class={place.table.layer}
                aria-pressed={place.table === chosen}
                title={place.table.description}
                onClick={() => choose(place.table.name)}
              >
                {place.table.name}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
