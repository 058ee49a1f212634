import type { Builtin } from "../builtin/builtin.ts"
import type { Dict } from "../nodes.ts"
import type { Definition } from "./scan.ts"

/** A macro of the project, of a package, or of dbt itself as this runner has it. */
export type MacroEntry = ProjectMacro | BuiltinMacro

export interface ProjectMacro {
  kind: "project"
  packageName: string
  name: string
  uniqueId: string
  /** Relative to its package. */
  originalPath: string
  absolute: string
  definition: Definition
  /** What a property file says about it. */
  described?: Dict
}

export interface BuiltinMacro {
  kind: "builtin"
  packageName: "dbt"
  name: string
  uniqueId: string
  builtin: Builtin
  /** Called by this name it looks for overrides first. */
  dispatches: boolean
}
