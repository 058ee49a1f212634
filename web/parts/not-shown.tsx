import { isThere, isValueless, labelOf, metricOf, usePage } from "../state/shop.ts"

/** What a page would show of another shop, and why not of this one. */
export function NotShown({
  metrics = [],
  dimensions = [],
}: {
  metrics?: readonly string[]
  dimensions?: readonly string[]
}) {
  const { shop } = usePage()
  const reasons = metrics
    .filter((metric) => !isThere(shop, metric))
    .map((name) => {
      const { label = name, missing = "it is not declared" } = metricOf(shop, name) ?? {}
      return `${label}: ${missing}`
    })
  const unstated = dimensions
    .filter((name) => isValueless(shop, name))
    .map((name) => labelOf(shop, name).toLowerCase())
  if (unstated.length > 0)
    reasons.push(
      `By ${unstated.join(", ")}: no source of this shop states ${unstated.length > 1 ? "them" : "it"}`,
    )
  if (reasons.length === 0) return null
  return (
    <section class="card not-shown">
      <h2>Not shown</h2>
      <ul>
        {reasons.map((reason) => (
          <li key={reason} class="note">
            {reason}.
          </li>
        ))}
      </ul>
    </section>
  )
}
