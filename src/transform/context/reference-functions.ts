import { Relation } from "../adapter/relation.ts"
import { projectError, unsupported } from "../errors.ts"
import { callable, PythonError } from "../jinja/index.ts"
import type { DbtNode, RefArgs } from "../nodes.ts"
import { sourceRelation } from "../parse/sources.ts"
import { pythonStr } from "../values.ts"
import type { NodeContext } from "./context.ts"
import { RelationObject } from "./relation-object.ts"

type Factory = (context: NodeContext) => unknown

/** `ref`, `source` and their kin: noted at parse time, resolved to relations when the node's SQL is made. */
export const REFERENCES: Readonly<Record<string, Factory>> = {
  ref: (context) => callable((args, kwargs) => ref(context, args, kwargs), "ref"),
  source: (context) => callable((args) => source(context, args), "source"),
  metric: () => callable(() => refused("metric()"), "metric"),
  function: () => callable(() => refused("function()"), "function"),
  this: (context) => (context.relation === undefined ? undefined : new RelationObject(context.relation)),
}

function refused(feature: string): never {
  throw unsupported(feature)
}

function ref(context: NodeContext, args: unknown[], kwargs: Record<string, unknown>): unknown {
  const [first, second] = args
  if (
    args.length < 1 ||
    args.length > 2 ||
    [first, second].some((value) => value !== undefined && typeof value !== "string")
  ) {
    throw new PythonError("TypeError", "ref() takes the name of a model, or a package and a name, as text")
  }
  if (kwargs["version"] !== undefined || kwargs["v"] !== undefined) throw unsupported("model versions")
  const name = pythonStr(second ?? first)
  const wanted: RefArgs = { name, package: second === undefined ? null : pythonStr(first), version: null }
  if (context.captured !== undefined) {
    context.captured.refs.push(wanted)
    return new RelationObject(context.relation ?? placeholder(context))
  }
  const { lookup } = context.invocation
  const target = lookup.ref(wanted, context.packageName)
  const from = context.node
  if (target === undefined) {
    if (from !== undefined) throw lookup.refError(wanted, from, from.original_file_path)
    throw projectError(`there is no model '${name}'`)
  }
  if (from !== undefined && mustDeclare(from) && !from.depends_on.nodes.includes(target.unique_id)) {
    throw undeclared(from, target)
  }
  if (target.config["materialized"] === "ephemeral") {
    context.ephemerals.add(target.unique_id)
    return new RelationObject(Relation.ephemeral(target.alias))
  }
  return new RelationObject(nodeRelation(target, context))
}

/** Hooks may refer to anything; what else runs must have been seen to refer to it at parse time. */
function mustDeclare(node: DbtNode): boolean {
  return node.resource_type !== "operation"
}

function undeclared(from: DbtNode, target: DbtNode): Error {
  return projectError(
    `dbt was unable to infer all dependencies for the model '${from.name}': it refers to '${target.name}' only when it runs`,
    {
      place: from.original_file_path,
      next: `Add this comment to the top of ${from.original_file_path}: -- depends_on: {{ ref('${target.name}') }}`,
    },
  )
}

function source(context: NodeContext, args: unknown[]): unknown {
  if (args.length !== 2)
    throw new PythonError("TypeError", "source() takes two arguments: the source's name and the table's")
  const [sourceName, tableName] = args.map(pythonStr) as [string, string]
  if (context.captured !== undefined) {
    context.captured.sources.push([sourceName, tableName])
    return new RelationObject(context.relation ?? placeholder(context))
  }
  const { lookup, root } = context.invocation
  const found = lookup.source(sourceName, tableName, context.packageName)
  if (found === undefined) {
    if (context.node !== undefined)
      throw lookup.sourceError(sourceName, tableName, context.node, context.node.original_file_path)
    throw projectError(`there is no source '${sourceName}.${tableName}'`)
  }
  return new RelationObject(
    sourceRelation(
      { database: found.database, schema: found.schema, identifier: found.identifier },
      found.quoting,
      root,
    ),
  )
}

/** The relation of a node, quoted as the project and the node's config say. */
export function nodeRelation(node: DbtNode, context: Pick<NodeContext, "invocation">): Relation {
  const quoting = {
    ...context.invocation.root.quoting,
    ...(node.config["quoting"] as Record<string, unknown> | undefined),
  }
  return new Relation(
    { database: node.database, schema: node.schema, identifier: node.alias },
    {
      quoted: {
        database: quoting["database"] !== false,
        schema: quoting["schema"] !== false,
        identifier: quoting["identifier"] !== false,
      },
    },
  )
}

function placeholder(context: NodeContext): Relation {
  const { target } = context.invocation
  return new Relation({
    database: target.database,
    schema: target.schema,
    identifier: context.node?.name ?? "",
  })
}
