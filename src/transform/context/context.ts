import type { Effects } from "../../core/effects.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { Database } from "../adapter/database.ts"
import type { Relation } from "../adapter/relation.ts"
import type { MacroLibrary } from "../macros/library.ts"
import type { Lookup } from "../parse/lookup.ts"
import type { DbtNode, Dict, Manifest, RefArgs } from "../nodes.ts"
import type { Target } from "../project/profile.ts"
import type { Project } from "../project/project-file.ts"

/** What one invocation knows; the same for all nodes. */
export interface Invocation {
  id: string
  startedAt: Date
  command: string
  root: Project
  projects: ReadonlyMap<string, Project>
  target: Target
  database: Database
  macros: MacroLibrary
  manifest: Manifest
  lookup: Lookup
  vars: Dict
  /** Whether `env_var` gives secrets: only to profiles and projects. */
  secrets: boolean
  /** What templates asked for that may be another at the next invocation. */
  asked: { environment: Set<string>; clock: boolean }
  environment: Readonly<Record<string, string | undefined>>
  fullRefresh: boolean
  failFast: boolean
  effects: Effects
  /** Ids of the nodes that run, once they are selected. */
  selected: string[]
  tell(level: "info" | "warn", text: string): void
}

/** What a render at parse time finds out about its node. */
export interface Captured {
  config: Dict
  refs: RefArgs[]
  sources: string[][]
  macros: Set<string>
}

/** What a statement gave, for `load_result`. */
export interface StatementResult {
  response: { message: string; code: string; rowsAffected: number }
  data: unknown[][]
  table: unknown
}

/** One render: a node, and whether its SQL is to run or is only read for what it refers to. */
export interface NodeContext {
  invocation: Invocation
  /** The package whose vars and macros the node sees. */
  packageName: string
  node: DbtNode | undefined
  execute: boolean
  /** Parse time only. */
  captured: Captured | undefined
  /** Ephemeral models that were referred to, in order; run time only. */
  ephemerals: Set<string>
  /** The node's session; opens the database on first use. Run time only. */
  session(): Promise<Session>
  /** `this`. */
  relation: Relation | undefined
  /** Further names: a test's arguments, `sql` of a materialization, `results` of on-run-end. */
  extra: Dict
  results: Map<string, StatementResult>
  /** Depth of macros that are being rendered. */
  depth: number
}

/** The text of where an error happened, for people. */
export function describe(context: NodeContext): string {
  const { node } = context
  return node === undefined
    ? context.packageName
    : `${node.resource_type} ${node.name} (${node.original_file_path})`
}
