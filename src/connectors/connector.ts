import type { Delivery, FailedDelivery } from "../core/delivery.ts"

/** What a source can be asked for: the deliveries that it has to offer now, data set by data set, oldest first. */
export interface Connector {
  /** The source's name in the shop. */
  readonly source: string
  /** The data sets that it knows and that are not left out. */
  readonly datasets: readonly string[]
  /**
   * Looks at the source without reading its content.
   * @param asOf the time whose state is asked for; without it the source's own marks tell
   */
  deliveries(dataset: string, asOf?: Date): Promise<Delivery[] | FailedDelivery>
}
