import type { Effects } from "../core/effects.ts"
import type { Invocation } from "./context/context.ts"
import type { ParseStore } from "./parse/kept-parse.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"

/** The dbt commands that both engines offer. */
export type DbtCommand = "build" | "run" | "test" | "seed" | "snapshot" | "compile" | "ls" | "parse"

/** The warehouses that a project can be written for. */
export type Dialect = Warehouse["dialect"]

/** One invocation of dbt, whichever engine runs it. Names and meanings are those of dbt's own options. */
export interface DbtOptions {
  command: DbtCommand
  /** Folder that holds `dbt_project.yml`. */
  projectDir: string
  /** Folder that holds `profiles.yml`. */
  profilesDir: string
  /** @defaultValue `profile:` of the project */
  profile?: string | undefined
  /** @defaultValue `target:` of the profile */
  target?: string | undefined
  select?: string[] | undefined
  exclude?: string[] | undefined
  /** Name of a selector in `selectors.yml`. */
  selector?: string | undefined
  vars?: Record<string, unknown> | undefined
  fullRefresh?: boolean | undefined
  /** @defaultValue `threads:` of the profile, else 1 */
  threads?: number | undefined
  /** Stop at the first failure; what has not started is skipped. */
  failFast?: boolean | undefined
  /** Where artifacts go, relative to the project. @defaultValue `target` */
  targetPath?: string | undefined
  /** Which nodes leave their SQL as files below `compiled/` and `run/`; dbt knows `all` only. @defaultValue `all` */
  texts?: "all" | "failed" | undefined
  /**
   * The warehouse that a project is parsed for: what `target.type` says and whose macros `adapter.dispatch` finds. Only
   * `parse` takes another than DuckDB. @defaultValue `duckdb`
   */
  dialect?: Dialect | undefined
  /** Form of the lines of `ls`. @defaultValue `selector` */
  output?: "name" | "json" | "path" | "selector" | undefined
  resourceTypes?: string[] | undefined
  excludeResourceTypes?: string[] | undefined
  /** Which tests come along with the nodes selected. @defaultValue `eager` */
  indirectSelection?: "eager" | "cautious" | "buildable" | "empty" | undefined
  /** Where what was parsed is kept, for the next invocation on the same files. @defaultValue nowhere: the project is parsed */
  parseStore?: ParseStore | undefined
  /** What `env_var()` sees. */
  environment: Readonly<Record<string, string | undefined>>
  effects: Effects
  /** Told when a node starts and when it has ended, in the order in which it happens. */
  onNode?: ((event: NodeEvent) => void) | undefined
}

/** `message` events carry what macros log with `info=true`, warnings and the like. */
export type NodeEvent =
  | { kind: "start"; uniqueId: string; name: string; resourceType: string; index: number; total: number }
  | { kind: "end"; result: NodeResult; index: number; total: number }
  | { kind: "message"; level: "info" | "warn" | "error"; text: string }

export type NodeStatus = "success" | "pass" | "warn" | "fail" | "error" | "skipped" | "no-op"

export interface NodeResult {
  uniqueId: string
  name: string
  resourceType: string
  /** The quoted name of the relation that the node makes, if it makes one. */
  relation?: string | undefined
  status: NodeStatus
  message?: string | undefined
  rowsAffected?: number | undefined
  /** Tests only: the number of failing records. */
  failures?: number | undefined
  elapsedMs: number
  /** The compiled SQL file, relative to the project. */
  compiledPath?: string | undefined
}

export interface DbtOutcome {
  success: boolean
  /** As dbt: 0 all well, 1 a node failed, 2 usage, parse or other error. */
  exitCode: 0 | 1 | 2
  results: NodeResult[]
  elapsedMs: number
  /** The lines of `ls`. */
  listing?: string[] | undefined
  /** Absolute path of the manifest written. */
  manifestPath?: string | undefined
}

/** A project that was parsed for a command that is still to run. */
export type Parsed = Invocation

/** Parses a project ahead of {@link runEmbedded}, which is to be called with the same options. */
export async function parseEmbedded(options: DbtOptions): Promise<Parsed> {
  const { parse } = await import("./run/command.ts")
  return parse(options)
}

/**
 * Runs a dbt command with the embedded runner, which needs no Python. It supports the subset in docs/dbt.md.
 * @throws CartwrightError `unsupported` for anything outside the subset; `transform` or `config` when the project
 *   cannot be parsed or the selection is wrong. A failing node is no exception: see the results.
 */
export async function runEmbedded(options: DbtOptions, parsed?: Parsed): Promise<DbtOutcome> {
  const { runCommand } = await import("./run/command.ts")
  return runCommand(options, parsed)
}
