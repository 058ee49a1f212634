import type { DatasetDeclaration } from "../../connectors/files/declaration.ts"
import type { Delivery } from "../../core/delivery.ts"

/**
 * Which deliveries show a data set as it is. A full delivery shows all records, so the newest tells the state; what only
 * changed is told by all together. Where nothing says which it is, a newest delivery of less than half the size of the
 * greatest is taken for changes.
 */
export function deliveriesRead(
  offered: readonly Delivery[],
  { kind }: Pick<DatasetDeclaration, "kind">,
): Delivery[] {
  const size = ({ files }: Delivery) => files.reduce((sum, file) => sum + file.size, 0)
  const newest = offered.at(-1)
  if (newest === undefined) return []
  const full = kind === undefined ? size(newest) * 2 >= Math.max(...offered.map(size)) : kind === "full"
  return full ? [newest] : [...offered]
}
