import type { CustomerReply } from "../../../src/server/api.ts"

/** Something that happened to a customer. */
export type Moment =
  | { at: string; kind: "order"; order: CustomerReply["orders"][number] }
  | { at: string; kind: "visit"; visit: CustomerReply["sessions"][number] }
  | {
      at: string
      kind: "change"
      version: CustomerReply["versions"][number]
      before: CustomerReply["versions"][number] | undefined
    }

/** All that happened, the newest first. */
export function momentsOf({ orders, sessions, versions }: CustomerReply): Moment[] {
  return [
    ...orders.map((order): Moment => ({ at: order.at, kind: "order", order })),
    ...sessions.map((visit): Moment => ({ at: visit.at, kind: "visit", visit })),
    ...versions.flatMap((version, i): Moment[] =>
      version.from === null ? [] : [{ at: version.from, kind: "change", version, before: versions[i + 1] }],
    ),
  ].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}
