import type { ComponentChildren } from "preact"
import { useRef, useState } from "preact/hooks"
import type { QueryReply } from "../../src/server/api.ts"
import { shownOf } from "../state/ask.ts"
import { frozen } from "../state/known.ts"
import { labelOf, type CardAnswer, usePage } from "../state/shop.ts"
import { Explain } from "./explain.tsx"
import { ReplyTable } from "./reply-table.tsx"
import { SaveMenu } from "./save-menu.tsx"

/** A titled piece of a page: its numbers as a picture or as a table, to take along, and to explain. */
export function Card({
  title,
  note,
  answer,
  retry,
  wide = false,
  children,
}: {
  title: string
  note?: string | undefined
  answer: CardAnswer
  retry: () => void
  wide?: boolean
  children: (reply: QueryReply) => ComponentChildren
}) {
  const [asTable, setAsTable] = useState(false)
  const [explaining, setExplaining] = useState(false)
  const card = useRef<HTMLElement>(null)
  const { asked, ignored, question } = answer
  const reply = shownOf(asked)
  const isEmpty =
    reply !== undefined &&
    reply.rows.every(({ values }) => Object.values(values).every((value) => value === null || value === 0))
  return (
    <section ref={card} class={`card${wide ? " wide" : ""}`} aria-busy={asked.state === "loading"}>
      <header>
        <h2>{title}</h2>
        <div class="tools" data-unprinted>
          <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? "Chart" : "Table"}
          </button>
          <SaveMenu title={title} question={question} card={card} />
          {frozen === undefined && (
            <button type="button" onClick={() => setExplaining(true)}>
              Explain
            </button>
          )}
        </div>
      </header>
      {note !== undefined && <p class="note">{note}</p>}
      {ignored.length > 0 && (
        <p class="note warn">Not filtered by {ignored.join(", ")}: these numbers do not know it.</p>
      )}
      {asked.state === "failed" ? (
        <Failure message={asked.message} retry={retry} />
      ) : reply === undefined ? (
        <div class="skeleton" role="status">
          <span class="hidden">Loading</span>
        </div>
      ) : isEmpty ? (
        <p class="nothing">Nothing in this period with these filters.</p>
      ) : asTable ? (
        <ReplyTable reply={reply} />
      ) : (
        children(reply)
      )}
      {explaining && <Explain question={question} close={() => setExplaining(false)} />}
    </section>
  )
}

export function Failure({ message, retry }: { message: string; retry: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>{message}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}

/** The label of a dimension on this page. */
export function useLabel(): (name: string) => string {
  const { shop } = usePage()
  return (name) => labelOf(shop, name)
}
