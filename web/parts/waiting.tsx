import type { ComponentChildren } from "preact"
import { type Asked, shownOf } from "../state/ask.ts"
import { Failure } from "./card.tsx"

/** What was asked for, when it is there; before that a place for it, or what went wrong. */
export function Waiting<T>({
  asked,
  retry,
  children,
}: {
  asked: Asked<T>
  retry: () => void
  children: (reply: T) => ComponentChildren
}) {
  if (asked.state === "failed") return <Failure message={asked.message} retry={retry} />
  const reply = shownOf(asked)
  return reply === undefined ? (
    <div class="skeleton" role="status">
      <span class="hidden">Loading</span>
    </div>
  ) : (
    <>{children(reply)}</>
  )
}
