import type { Effects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { BigQueryWarehouse } from "../warehouse/bigquery/bigquery-warehouse.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import type { BigQueryConfig, DuckDbConfig } from "./config/warehouse-schema.ts"
import { openWorkArea } from "./open-storage.ts"
import type { Shop } from "./shop.ts"

/** Who opens a warehouse, and until when. */
export interface Opening {
  /** The run: a label of BigQuery's jobs, and part of the ids of those that must not run twice. None for who only reads. */
  runId?: string
  effects: Pick<Effects, "signal">
}

/** Opens the shop's warehouse. The engine is loaded now and not before: a run in which nothing changed does without it. */
export async function openWarehouse(shop: Shop, opening: Opening): Promise<Warehouse> {
  const { warehouse } = shop
  if (warehouse.type === "bigquery") return openShopBigQuery(shop, warehouse, opening)
  const { openDuckDb } = await import("../warehouse/duckdb/duckdb-warehouse.ts")
  const { type: _type, ...options } = warehouse
  return openDuckDb({ ...options, signal: opening.effects.signal })
}

/**
 * Opens the project of a shop on BigQuery.
 * @param environment BIGQUERY_EMULATOR_HOST names a server that stands in for BigQuery, and asks for no credentials
 */
export async function openShopBigQuery(
  shop: Shop,
  { project, location, credentials, maxBytesBilled, labels }: BigQueryConfig,
  { runId, effects: { signal } }: Opening,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BigQueryWarehouse> {
  const { openBigQuery } = await import("../warehouse/bigquery/bigquery-warehouse.ts")
  const emulator = emulatorIn(environment)
  return openBigQuery({
    project,
    location,
    labels,
    shop: shop.config.shop.name,
    run: runId ?? "none",
    signal,
    staging: () => openWorkArea(shop, environment),
    ...(maxBytesBilled === undefined ? {} : { maxBytesBilled }),
    ...(emulator !== undefined
      ? { endpoint: emulator, credentials: { accessToken: "emulator" } }
      : credentials === undefined
        ? {}
        : { credentials: { keyFile: credentials } }),
  })
}

/** The address of the server that stands in for BigQuery, where the environment names one. */
export function emulatorIn(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const host = environment["BIGQUERY_EMULATOR_HOST"] || undefined
  return host === undefined || /^\w+:\/\//.test(host) ? host : `http://${host}`
}

/**
 * The DuckDB file of a shop, for work that no other engine does.
 * @param work what is to be done, as the beginning of a sentence: "`cartwright docs`", "the step load"
 * @throws CartwrightError `unsupported` where the shop is on BigQuery
 */
export function duckDbOf(shop: Shop, work: string): DuckDbConfig {
  if (shop.warehouse.type === "duckdb") return shop.warehouse
  const { line, column } = shop.placeOf(["warehouse", "type"])
  throw new CartwrightError("unsupported", `${work} does not run on BigQuery yet`, {
    place: `${shop.configFile}:${line}:${column}`,
    choices: ["duckdb"],
    next: "Use warehouse.type: duckdb for it; docs/bigquery.md says what runs on BigQuery.",
    state: "Nothing was changed.",
  })
}
