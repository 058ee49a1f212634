import { changeOf, type Format } from "../format.ts"

/** Up or down against the period before; green where that is good news. */
export function Change({
  value,
  before,
  format,
  better,
}: {
  value: number | null | undefined
  before: number | null | undefined
  format: Format
  better: "more" | "less" | undefined
}) {
  const change = changeOf(value, before, format)
  if (change === undefined) return <span class="change none">–</span>
  const direction = change.amount === 0 ? "same" : change.amount > 0 ? "more" : "less"
  const tone = direction === "same" || better === undefined ? "" : direction === better ? "good" : "bad"
  const said = { same: "unchanged", more: "up", less: "down" }[direction]
  return (
    <span class={`change ${tone}`}>
      <span aria-hidden="true">{{ same: "", more: "↑", less: "↓" }[direction]}</span>
      <span class="hidden">{said} </span>
      {change.text}
    </span>
  )
}
