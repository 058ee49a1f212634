import type { Warehouse } from "../warehouse/warehouse.ts"
import type { Shop } from "./shop.ts"

/** Opens the shop's warehouse. The engine is loaded now and not before: a run in which nothing changed does without it. */
export async function openWarehouse(shop: Shop, signal: AbortSignal): Promise<Warehouse> {
  const { openDuckDb } = await import("../warehouse/duckdb/duckdb-warehouse.ts")
  const { threads, memory_limit: memoryLimit } = shop.config.warehouse
  return openDuckDb({
    path: shop.paths.warehouse,
    signal,
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  })
}
