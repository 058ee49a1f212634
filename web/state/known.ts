/** A frozen copy of the page: what the server would have said, and when that was. */
export interface Frozen {
  /** When it was made, as ISO 8601 in UTC. */
  at: string
  /** The address's question mark and what follows, as it was. */
  search: string
  replies: Record<string, unknown>
}

const place = globalThis as { cartwrightFrozen?: Frozen }

/** In a copy that opens without a server. */
export const frozen = place.cartwrightFrozen

let look: (path: string) => unknown = (path) => frozen?.replies[path]

/** Replies come from elsewhere than the server, for writing a frozen copy. */
export function lookIn(source: (path: string) => unknown): void {
  look = source
}

/** What is known of an address without asking the server. */
export function known(path: string): unknown {
  return look(path)
}
