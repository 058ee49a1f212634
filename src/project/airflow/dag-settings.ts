import { CartwrightError } from "../../core/errors.ts"
import type { Shop } from "../shop.ts"

/** What the DAGs of a shop are made of: its configuration with what follows from it. */
export interface DagSettings
  extends Pick<
    Shop["config"]["airflow"],
    | "layout"
    | "prefix"
    | "schedule"
    | "start_date"
    | "command"
    | "retries"
    | "retry_minutes"
    | "retry_minutes_max"
    | "task_minutes"
    | "run_minutes"
    | "owner"
    | "alert"
    | "deadline_minutes"
    | "environment"
  > {
  shop: string
  /** The shop's name as part of a DAG's id. */
  name: string
  folder: string
  timeZone: string
  pool: string
  tags: string[]
  /** The names of the sources, in the order of the configuration. */
  sources: string[]
}

/** @throws CartwrightError `config` where the shop's name leaves nothing for a DAG's id */
export function dagSettings(shop: Shop): DagSettings {
  const { airflow, shop: about } = shop.config
  const name = airflow.name ?? idOf(about.name)
  if (name === "") {
    const { line, column } = shop.placeOf(["shop", "name"])
    throw new CartwrightError("config", `"${about.name}" has no letter that the id of a DAG can have`, {
      place: `${shop.configFile}:${line}:${column}`,
      next: "State airflow.name: letters a to z, digits, _, - and .",
      state: "Nothing was written.",
    })
  }
  return {
    ...airflow,
    shop: about.name,
    name,
    folder: airflow.folder ?? shop.folder,
    timeZone: about.time_zone,
    pool: airflow.pool ?? `cartwright_${name}`,
    tags: [...new Set(["cartwright", name, ...airflow.tags])],
    sources: shop.sources.map((source) => source.name),
  }
}

/** "Café & Söhne" → "cafe_sohne". */
function idOf(shopName: string): string {
  return shopName
    .normalize("NFKD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "_")
    .replaceAll(/^[_.-]+|[_.-]+$/g, "")
    .slice(0, 100)
}
