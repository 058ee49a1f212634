import { useState } from "preact/hooks"
import { dayText } from "../format.ts"
import { usePage } from "../state/shop.ts"
import type { NumberedNote } from "../state/notes.ts"

/** The notes of a chart over time, under the numbers that mark them; an admin adds and removes them. */
export function Notes({
  shown,
  first,
  last,
}: {
  shown: readonly NumberedNote[]
  first: string
  last: string
}) {
  const { notes } = usePage()
  const [adding, setAdding] = useState(false)
  if (shown.length === 0 && !notes.mayChange) return null
  return (
    <div class="notes">
      {shown.length > 0 && (
        <ol>
          {shown.map(({ id, number, day, text }) => (
            <li key={id}>
              <span class="mark">{number}</span>
              <span>
                <time dateTime={day}>{dayText(day, "day", true)}</time> {text}
              </span>
              {notes.mayChange && (
                <button
                  type="button"
                  class="quiet"
                  data-unprinted
                  aria-label={`Remove the note ${text}`}
                  onClick={() => void notes.remove(id)}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      {notes.mayChange &&
        (adding ? (
          <NewNote first={first} last={last} close={() => setAdding(false)} />
        ) : (
          <button type="button" class="quiet" data-unprinted onClick={() => setAdding(true)}>
            + Note on a date
          </button>
        ))}
    </div>
  )
}

function NewNote({ first, last, close }: { first: string; last: string; close: () => void }) {
  const { notes } = usePage()
  const [problem, setProblem] = useState<string>()
  const add = async (form: HTMLFormElement) => {
    const fields = new FormData(form)
    try {
      await notes.add(fields.get("day") as string, fields.get("text") as string)
      close()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <form
      data-unprinted
      onKeyDown={({ key }) => key === "Escape" && close()}
      onSubmit={(event) => {
        event.preventDefault()
        void add(event.currentTarget)
      }}
    >
      <input type="date" name="day" aria-label="Day" min={first} max={last} defaultValue={last} required />
      <input
        name="text"
        aria-label="Note"
        placeholder="What happened?"
        maxLength={200}
        required
        autoFocus
        autocomplete="off"
      />
      <button type="submit">Add</button>
      <button type="button" class="quiet" onClick={close}>
        Cancel
      </button>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </form>
  )
}
