import { useState } from "preact/hooks"
import type { Annotation, SessionReply } from "../../src/server/api.ts"
import { send, shownOf, useAsked } from "./ask.ts"
import { frozen } from "./known.ts"

export interface NumberedNote extends Annotation {
  number: number
  /** The part of time that its day is in, by its first day. */
  bucket: string
}

/** What people wrote on dates. */
export interface Notes {
  all: readonly Annotation[]
  mayChange: boolean
  add: (day: string, text: string) => Promise<void>
  remove: (id: string) => Promise<void>
}

export function useNotes(session: SessionReply | undefined): Notes {
  const [changes, setChanges] = useState(0)
  const all = shownOf(useAsked<Annotation[]>("/api/annotations", changes)) ?? []
  const changed = () => setChanges((count) => count + 1)
  return {
    all,
    mayChange: session?.role === "admin" && frozen === undefined,
    add: (day, text) => send("POST", "/api/annotations", { day, text }).then(changed),
    remove: (id) => send("DELETE", `/api/annotations/${id}`).then(changed),
  }
}

/** The notes of a period, in the parts of time that a chart shows. */
export function numbered(
  notes: readonly Annotation[],
  buckets: readonly string[],
  period: { from: string; to: string },
): NumberedNote[] {
  return notes
    .filter(({ day }) => day >= period.from && day <= period.to)
    .flatMap((note) => {
      const bucket = buckets.findLast((each) => each <= note.day)
      return bucket === undefined ? [] : [{ ...note, bucket }]
    })
    .map((note, i) => ({ ...note, number: i + 1 }))
}
