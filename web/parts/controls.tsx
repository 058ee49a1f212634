import { useState } from "preact/hooks"
import type { QueryReply } from "../../src/server/api.ts"
import { dayText, periodText, valueText } from "../format.ts"
import { useAsked } from "../state/ask.ts"
import { frozen } from "../state/known.ts"
import { addressOf, labelOf, periodOf, usePage } from "../state/shop.ts"
import { toggled, type View } from "../state/view.ts"
import { captionOf } from "./save-menu.tsx"

const PRESET_LABELS: Record<string, string> = {
  last_7_days: "Last 7 days",
  last_30_days: "Last 30 days",
  last_90_days: "Last 90 days",
  this_month: "This month",
  last_month: "Last month",
  last_12_months: "Last 12 months",
  this_year: "This year",
  last_year: "Last year",
}

/** When, against what, and which part of the shop. */
export function Controls() {
  const page = usePage()
  const { shop, view, change } = page
  const period = periodOf(page)
  const isOwn = view.period.includes("..")
  if (frozen !== undefined)
    return (
      <p class="controls frozen">
        {captionOf(page)} · as it was on {dayText(frozen.at.slice(0, 10), "day", true)}
      </p>
    )
  return (
    <div class="controls">
      <label>
        <span class="hidden">Period</span>
        <select
          value={isOwn ? "own" : view.period}
          onChange={({ currentTarget: { value } }) =>
            change({ period: value === "own" ? `${period?.from ?? ""}..${period?.to ?? ""}` : value })
          }
        >
          {shop.presets.map(({ name }) => (
            <option key={name} value={name}>
              {PRESET_LABELS[name] ?? name}
            </option>
          ))}
          <option value="all">All days</option>
          <option value="own">Own days …</option>
        </select>
      </label>
      {isOwn && period !== undefined ? (
        <OwnDays from={period.from} to={period.to} />
      ) : (
        period !== undefined && <span class="period">{periodText(period)}</span>
      )}
      <label>
        <span class="hidden">Compare with</span>
        <select
          value={view.compare}
          onChange={({ currentTarget: { value } }) => change({ compare: value as View["compare"] })}
        >
          <option value="previous_year">against the year before</option>
          <option value="previous_period">against the period before</option>
          <option value="none">without comparison</option>
        </select>
      </label>
      <Chips />
    </div>
  )
}

function OwnDays({ from, to }: { from: string; to: string }) {
  const { change } = usePage()
  const day = (label: string, value: string, set: (day: string) => string, min?: string, max?: string) => (
    <label>
      <span class="hidden">{label}</span>
      <input
        type="date"
        value={value}
        min={min}
        max={max}
        required
        onChange={({ currentTarget }) =>
          currentTarget.validity.valid && change({ period: set(currentTarget.value) })
        }
      />
    </label>
  )
  return (
    <span class="own">
      {day("First day", from, (value) => `${value}..${to}`, undefined, to)}–
      {day("Last day", to, (value) => `${from}..${value}`, from)}
    </span>
  )
}

function Chips() {
  const { shop, view, change } = usePage()
  const [adding, setAdding] = useState<string>()
  return (
    <>
      {view.filters.map(({ dimension, values }) => (
        <span class="chip" key={dimension}>
          {labelOf(shop, dimension)}: <b>{values.map(valueText).join(", ")}</b>
          <button
            type="button"
            aria-label={`Remove the filter by ${labelOf(shop, dimension)}`}
            onClick={() => change({ filters: view.filters.filter((each) => each.dimension !== dimension) })}
          >
            ×
          </button>
        </span>
      ))}
      <label>
        <span class="hidden">Add a filter</span>
        <select
          class="add"
          value=""
          onChange={({ currentTarget }) => {
            setAdding(currentTarget.value)
            currentTarget.value = ""
          }}
        >
          <option value="">+ Filter</option>
          {shop.dimensions.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {view.filters.length > 0 && (
        <button type="button" class="quiet" onClick={() => change({ filters: [] })}>
          Clear all
        </button>
      )}
      {adding !== undefined && adding !== "" && (
        <Values dimension={adding} close={() => setAdding(undefined)} />
      )}
    </>
  )
}

/** The values of a dimension to choose from, the most frequent first. */
function Values({ dimension, close }: { dimension: string; close: () => void }) {
  const { shop, view, change } = usePage()
  const [text, setText] = useState("")
  const metric = shop.metrics.find(
    ({ missing, splitBy, name }) =>
      missing === undefined && splitBy.includes(dimension) && ["sessions", "orders"].includes(name),
  )
  const asked = useAsked<QueryReply>(
    metric === undefined
      ? undefined
      : addressOf("query", { metrics: [metric.name], by: [dimension], limit: 500 }),
  )
  const chosen = view.filters.find((filter) => filter.dimension === dimension)?.values ?? []
  const values = asked.state === "there" ? asked.reply.rows.map((row) => row.by[dimension] ?? null) : []
  const matching = values
    .filter((value) => valueText(value).toLowerCase().includes(text.toLowerCase()))
    .slice(0, 60)
  return (
    <div
      class="values"
      role="dialog"
      aria-label={labelOf(shop, dimension)}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <input
        type="search"
        placeholder={`Search ${labelOf(shop, dimension).toLowerCase()}`}
        value={text}
        autoFocus
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <div class="list">
        {asked.state === "failed" && <p role="alert">{asked.message}</p>}
        {matching.map((value) => (
          <label key={String(value)}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() => change({ filters: toggled(view.filters, dimension, value) })}
            />{" "}
            {valueText(value)}
          </label>
        ))}
      </div>
      <button type="button" onClick={close}>
        Done
      </button>
    </div>
  )
}
