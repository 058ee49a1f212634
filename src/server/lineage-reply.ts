import { lineageNodes } from "../metrics/lineage.ts"
import type { PublishedShop } from "../metrics/published-shop.ts"
import type { LineageReply } from "./api.ts"

/** The tables of the run that published, with the rows of those that are published. Without its manifest there are none. */
export async function lineageReply({ version }: PublishedShop, manifest: string): Promise<LineageReply> {
  const nodes = (await lineageNodes(manifest)) ?? []
  return { nodes: nodes.map((node) => ({ ...node, rows: version.tables[node.name]?.rows })) }
}
