import { hashArguments } from "../builtin/statements.ts"
import { projectError } from "../errors.ts"
import type { DbtNode } from "../nodes.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"

/** How a snapshot tells versions apart and what its own columns are called. */
export interface SnapshotConfig {
  strategy: "timestamp" | "check"
  keys: string[]
  /** SQL for when a version began: the column that is watched, else now. */
  updatedAt: string
  checkColumns: string[] | "all"
  hardDeletes: "ignore" | "invalidate" | "new_record"
  /** SQL for the end of versions that are current; undefined is null. */
  currentMarker: string | undefined
  names: { scdId: string; validFrom: string; validTo: string; updatedAt: string; isDeleted: string }
  /** SQL for the id of a version. */
  scdId: string
}

const NOW = "now()::timestamp"

/** @throws CartwrightError `transform` for what is missing or wrong, as dbt does when it parses */
export function snapshotConfig(node: DbtNode): SnapshotConfig {
  const { config } = node
  const wrong = (offence: string, choices?: string[]): Error =>
    projectError(`snapshot ${node.name}: ${offence}`, { place: node.original_file_path, choices })
  const strategy = config["strategy"]
  if (strategy === null || strategy === undefined) throw wrong("strategy must be set", ["timestamp", "check"])
  if (strategy !== "timestamp" && strategy !== "check")
    throw wrong(`unknown strategy '${String(strategy)}'`, ["timestamp", "check"])
  const keys = asStringList(config["unique_key"])
  if (keys.length === 0) throw wrong("unique_key must be set")
  const updatedAt =
    config["updated_at"] === null || config["updated_at"] === undefined
      ? undefined
      : String(config["updated_at"])
  if (strategy === "timestamp" && updatedAt === undefined)
    throw wrong("the timestamp strategy needs updated_at")
  const check = config["check_cols"]
  if (strategy === "check" && (check === null || check === undefined))
    throw wrong("the check strategy needs check_cols", ["all", "a list of columns"])
  const began = updatedAt ?? NOW
  const names = asDict(config["snapshot_meta_column_names"]) ?? {}
  const name = (key: string): string => (typeof names[key] === "string" ? names[key] : key)
  const marker = config["dbt_valid_to_current"]
  return {
    strategy,
    keys,
    updatedAt: began,
    checkColumns: check === "all" ? "all" : asStringList(check),
    hardDeletes: hardDeletesOf(config, wrong),
    currentMarker: marker === null || marker === undefined ? undefined : String(marker),
    names: {
      scdId: name("dbt_scd_id"),
      validFrom: name("dbt_valid_from"),
      validTo: name("dbt_valid_to"),
      updatedAt: name("dbt_updated_at"),
      isDeleted: name("dbt_is_deleted"),
    },
    scdId: hashArguments([...keys, began]),
  }
}

function hardDeletesOf(
  config: DbtNode["config"],
  wrong: (offence: string, choices?: string[]) => Error,
): SnapshotConfig["hardDeletes"] {
  const stated = config["hard_deletes"]
  const old = config["invalidate_hard_deletes"]
  if (stated !== null && stated !== undefined && old !== null && old !== undefined) {
    throw wrong("set hard_deletes or invalidate_hard_deletes, not both")
  }
  if (stated === null || stated === undefined) return old === true ? "invalidate" : "ignore"
  if (stated === "ignore" || stated === "invalidate" || stated === "new_record") return stated
  throw wrong(`unknown hard_deletes '${String(stated)}'`, ["ignore", "invalidate", "new_record"])
}
