import type { Session } from "../../warehouse/warehouse.ts"
import type { Relation } from "../adapter/relation.ts"
import type { DbtNode, Dict } from "../nodes.ts"
import type { Captured, Invocation, NodeContext } from "./context.ts"

export interface ContextOptions {
  node?: DbtNode | undefined
  packageName?: string | undefined
  captured?: Captured | undefined
  session?: (() => Promise<Session>) | undefined
  relation?: Relation | undefined
  extra?: Dict | undefined
}

/** A context for one render: at parse time where `captured` is given, at run time where not. */
export function newContext(invocation: Invocation, options: ContextOptions): NodeContext {
  const { node, captured } = options
  return {
    invocation,
    packageName: options.packageName ?? node?.package_name ?? invocation.root.name,
    node,
    execute: captured === undefined,
    captured,
    ephemerals: new Set(),
    session:
      options.session ??
      (() => {
        throw new Error("this template must not query the database")
      }),
    relation: options.relation,
    extra: options.extra ?? {},
    results: new Map(),
    depth: 0,
  }
}

export function newCaptured(): Captured {
  return { config: {}, refs: [], sources: [], macros: new Set() }
}
