import type { QueryReply } from "../../../src/server/api.ts"

/** How sessions went on from kind of page to kind of page, step by step from where they are looked at. */
export interface Flows {
  /** The kinds of pages that there are, the most visited first. */
  kinds: string[]
  /** Sessions that come to the start; all, where there is none. */
  sessions: number
  links: { step: number; from: string; to: string; sessions: number }[]
}

/** Where a session that ends goes. */
export const LEFT = "left"

/**
 * Flows of the paths `home > department > …`, which are whole sessions with their numbers.
 * @param start the kind of page at whose first visit a session is entered; without it, at its first page
 * @param steps how many steps are followed
 */
export function flowsOf(rows: QueryReply["rows"], start: string | undefined, steps: number): Flows {
  const visits = new Map<string, number>()
  const links = new Map<string, Flows["links"][number]>()
  let sessions = 0
  for (const { by, values } of rows) {
    const path = (by["page_path"] ?? "").split(" > ")
    const count = values["sessions"] ?? 0
    for (const kind of new Set(path)) visits.set(kind, (visits.get(kind) ?? 0) + count)
    const entry = start === undefined ? 0 : path.indexOf(start)
    if (entry === -1) continue
    sessions += count
    const walked = [...path.slice(entry), LEFT].slice(0, steps + 1)
    for (const [i, to] of walked.entries()) {
      const from = walked[i - 1]
      if (from === undefined) continue
      const key = JSON.stringify([i, from, to])
      const link = links.get(key) ?? { step: i, from, to, sessions: 0 }
      link.sessions += count
      links.set(key, link)
    }
  }
  return {
    kinds: [...visits].sort((a, b) => b[1] - a[1]).map(([kind]) => kind),
    sessions,
    links: [...links.values()],
  }
}
