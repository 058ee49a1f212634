import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import type { DatasetDeclaration, SourceDeclaration } from "../connectors/files/declaration.ts"
import { CartwrightError } from "../core/errors.ts"
import type { SchemaPolicy } from "../core/file-format.ts"
import { isBucketUri } from "../storage/bucket-uri.ts"
import { PRESETS, type LayerNames } from "./config/presets.ts"
import { readConfig, type ReadConfig } from "./config/read.ts"
import type { ShopConfig } from "./config/schema.ts"
import type { WarehouseConfig } from "./config/warehouse-schema.ts"
import type { Position } from "./config/yaml-text.ts"
import { CONFIG_FILE, findShop } from "./find-shop.ts"

/**
 * A shop: its folder, its configuration, and where everything of it is. All paths are absolute, but that of a dbt on the PATH; a
 * source and the lake may be in a bucket, as `gs://bucket/prefix`.
 */
export interface Shop {
  folder: string
  configFile: string
  config: ShopConfig
  /** Where a key of the configuration is written. */
  placeOf: (path: readonly string[]) => Position
  layers: LayerNames
  sources: SourceDeclaration[]
  /** As the configuration has it, with absolute paths. */
  warehouse: WarehouseConfig
  paths: {
    lake: string
    published: string
    runs: string
    dbtProject: string
    /** The dbt executable; a name without a folder is looked for on the PATH. */
    dbt: string
  }
}

/**
 * Opens a shop, creating nothing.
 * @param named the folder that the person named, if any
 * @throws ConfigError for a wrong configuration, CartwrightError `usage` where there is no shop
 */
export function openShop(named: string | undefined, workingDirectory: string): Shop {
  const start = resolve(workingDirectory, named ?? ".")
  const folder =
    named === undefined ? findShop(start) : existsSync(join(start, CONFIG_FILE)) ? start : undefined
  if (folder === undefined) {
    throw new CartwrightError("usage", `there is no shop here: no ${CONFIG_FILE}`, {
      place: start,
      next: "Make one with `cartwright init <folder of files> --dir <shop>`, or name its folder with --dir.",
      state: "Nothing was run.",
    })
  }
  return shopOf(folder, readConfig(join(folder, CONFIG_FILE)))
}

/** The shop of a folder by a configuration that was read. */
export function shopOf(folder: string, { config, placeOf }: ReadConfig): Shop {
  const { preset, ...stated } = config.datasets
  const at = (path: string) => (isBucketUri(path) ? path.replace(/\/+$/, "") : resolve(folder, path))
  return {
    folder,
    configFile: join(folder, CONFIG_FILE),
    config,
    placeOf,
    layers: {
      bronze: stated.bronze ?? PRESETS[preset].bronze,
      silver: stated.silver ?? PRESETS[preset].silver,
      star: stated.star ?? PRESETS[preset].star,
      marts: stated.marts ?? PRESETS[preset].marts,
      quality: stated.quality ?? PRESETS[preset].quality,
      meta: stated.meta ?? PRESETS[preset].meta,
    },
    sources: Object.entries(config.sources).map(([name, source]) => ({
      name,
      files: {
        path: at(source.files.path),
        datasets: Object.fromEntries(
          Object.entries(source.files.datasets).map(([key, entry]) => [key, declared(entry, source.schema)]),
        ),
      },
    })),
    warehouse: placed(config.warehouse, at),
    paths: {
      lake: at(config.lake.path),
      published: at(config.publish.path),
      runs: join(folder, "runs"),
      dbtProject: at(config.transform.project),
      dbt: config.transform.dbt.includes("/") ? at(config.transform.dbt) : config.transform.dbt,
    },
  }
}

function placed(warehouse: WarehouseConfig, at: (path: string) => string): WarehouseConfig {
  if (warehouse.type === "duckdb") return { ...warehouse, path: at(warehouse.path) }
  const { credentials } = warehouse
  return credentials === undefined ? warehouse : { ...warehouse, credentials: at(credentials) }
}

/** The data sets that are not left out, as `source.dataset`. */
export function includedDatasets(
  sources: readonly SourceDeclaration[],
): { source: string; dataset: string }[] {
  return sources.flatMap(({ name: source, files }) =>
    Object.entries(files.datasets)
      .filter(([, { include }]) => include !== false)
      .map(([dataset]) => ({ source, dataset })),
  )
}

type ConfiguredDataset = ShopConfig["sources"][string]["files"]["datasets"][string]

function declared(
  { updated_at: updatedAt, null_text: nullText, ...rest }: ConfiguredDataset,
  schema: SchemaPolicy,
): DatasetDeclaration {
  const entries = Object.entries({ ...rest, schema: rest.schema ?? schema, updatedAt, nullText }).filter(
    ([, value]) => value !== undefined,
  )
  return Object.fromEntries(entries) as unknown as DatasetDeclaration
}
