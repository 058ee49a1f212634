import type { QueryReply } from "../../../src/server/api.ts"
import { shown } from "../../format.ts"
import { Change } from "../../parts/change.tsx"
import { stepsOf, worthOfLoss } from "./losses.ts"

export function Steps({
  reply,
  steps: names,
  order,
  currency,
}: {
  reply: QueryReply
  steps: readonly string[]
  order: number
  currency: string | undefined
}) {
  const steps = stepsOf(reply, names).map((step, i, all) => ({ ...step, worth: worthOfLoss(all, i, order) }))
  const most = steps[0]?.count || 1
  const worst = steps.reduce<(typeof steps)[number] | undefined>(
    (found, step) => (step.worth > (found?.worth ?? 0) ? step : found),
    undefined,
  )
  return (
    <>
      <ol class="steps">
        <li class="head" aria-hidden="true">
          <span class="label" />
          <span />
          <span class="number">Sessions</span>
          <span class="rate">Went on</span>
          <span class="lost">Lost</span>
          <span class="worth">Worth</span>
        </li>
        {steps.map((step) => (
          <li key={step.name} class={step === worst ? "worst" : ""}>
            <span class="label">{step.label}</span>
            <span class="track">
              <span class="bar" style={{ width: `${(step.count / most) * 100}%` }} />
            </span>
            <span class="number">{shown(step.count, "count", undefined)}</span>
            <span class="rate">
              {step.rate !== undefined && (
                <>
                  {shown(step.rate, "percent", undefined)}{" "}
                  <Change value={step.rate} before={step.rateBefore} format="percent" better="more" />
                </>
              )}
            </span>
            <span class="lost">
              {step.rate !== undefined && step.lost > 0 && (
                <>
                  <span class="hidden">lost before it </span>
                  {shown(step.lost, "count", undefined)}
                </>
              )}
            </span>
            <span class="worth">
              {step.worth > 0 && (
                <>
                  <span class="hidden">worth </span>
                  {shown(step.worth, "money", currency)}
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {worst !== undefined && (
        <p class="finding">
          The biggest leak is before “{worst.label.toLowerCase()}”: {shown(worst.lost, "count", undefined)}{" "}
          sessions ended there. Had they gone on like the others, at the average order of{" "}
          {shown(order, "money", currency)}, they would have brought{" "}
          <b>{shown(worst.worth, "money", currency)}</b>.
        </p>
      )}
    </>
  )
}
