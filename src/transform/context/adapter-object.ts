import { TableColumn } from "../adapter/column.ts"
import { Relation, type RelationType } from "../adapter/relation.ts"
import { unsupported } from "../errors.ts"
import { PythonError, Tuple } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"
import type { NodeContext } from "./context.ts"
import { ColumnObject } from "./column-object.ts"
import { argument, Attributes, method, textArgument } from "./objects.ts"
import { RelationObject, relationOf } from "./relation-object.ts"
import { TableObject } from "./table-object.ts"

type Run = (context: NodeContext, args: unknown[], kwargs: Record<string, unknown>) => unknown

/** `adapter`: questions to the database and changes of it. At parse time each gives its empty answer. */
export class AdapterObject extends Attributes {
  override readonly typeName = "DuckDBAdapter"
  readonly #context: NodeContext

  constructor(context: NodeContext) {
    super()
    this.#context = context
  }

  protected read(name: string): unknown {
    const always = ALWAYS[name]
    if (always !== undefined) return method(name, (args, kwargs) => always(this.#context, args, kwargs))
    const run = AT_RUN_TIME[name]
    if (run !== undefined) {
      return method(name, (args, kwargs) =>
        this.#context.captured === undefined ? run.run(this.#context, args, kwargs) : run.atParse(),
      )
    }
    if (UNSUPPORTED.has(name)) {
      return method(name, () => {
        throw unsupported(`adapter.${name}`)
      })
    }
    return undefined
  }

  override toString(): string {
    return "<dbt.adapters.duckdb.impl.DuckDBAdapter>"
  }
}

const nothing = (): null => null
const emptyList = (): unknown[] => []

const ALWAYS: Readonly<Record<string, Run>> = {
  type: (context) => context.invocation.target.dialect,
  dispatch: (context, args, kwargs) => {
    const name = textArgument(args, kwargs, 0, "macro_name")
    const namespace = argument(args, kwargs, 1, "macro_namespace")
    if (name.includes(".")) {
      const [pkg, short] = name.split(".")
      throw new PythonError(
        "RuntimeError",
        `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${short}", macro_namespace="${pkg}")\`?`,
      )
    }
    return context.invocation.macros.dispatch(
      context,
      name,
      namespace === undefined || namespace === null ? undefined : pythonStr(namespace),
    )
  },
  quote: (_, args, kwargs) => `"${textArgument(args, kwargs, 0, "identifier")}"`,
  quote_as_configured: (context, args, kwargs) => {
    const key = textArgument(args, kwargs, 1, "quote_key")
    const name = textArgument(args, kwargs, 0, "identifier")
    return context.invocation.root.quoting[key] === false ? name : `"${name}"`
  },
  quote_seed_column: (_, args, kwargs) => {
    const quote = argument(args, kwargs, 1, "quote_config")
    const column = textArgument(args, kwargs, 0, "column")
    return quote === false ? column : `"${column}"`
  },
  is_motherduck: () => false,
  is_ducklake: () => false,
  convert_type: () => {
    throw unsupported("adapter.convert_type")
  },
}

const AT_RUN_TIME: Readonly<Record<string, { run: Run; atParse(): unknown }>> = {
  get_relation: {
    atParse: nothing,
    run: async (context, args, kwargs) => {
      const wanted = namedRelation(args, kwargs)
      const found = await context.invocation.database.existing(await context.session(), wanted)
      return found === undefined ? null : new RelationObject(found)
    },
  },
  list_relations: {
    atParse: emptyList,
    run: (context, args, kwargs) => listRelations(context, textArgument(args, kwargs, 1, "schema")),
  },
  list_relations_without_caching: {
    atParse: emptyList,
    run: (context, args) =>
      listRelations(context, relationOf(args[0], "list_relations_without_caching").schema ?? ""),
  },
  load_relation: {
    atParse: nothing,
    run: (context, args) => existing(context, relationOf(args[0], "load_relation")),
  },
  get_columns_in_relation: {
    atParse: emptyList,
    run: async (context, args, kwargs) => {
      const relation = relationOf(argument(args, kwargs, 0, "relation"), "get_columns_in_relation")
      const columns = await context.invocation.database.columns(await context.session(), relation)
      return columns.map((column) => new ColumnObject(column))
    },
  },
  get_missing_columns: {
    atParse: emptyList,
    run: async (context, args, kwargs) => {
      const { database } = context.invocation
      const session = await context.session()
      const from = await database.columns(
        session,
        relationOf(argument(args, kwargs, 0, "from_relation"), "get_missing_columns"),
      )
      const to = await database.columns(
        session,
        relationOf(argument(args, kwargs, 1, "to_relation"), "get_missing_columns"),
      )
      const known = new Set(to.map((column) => column.column))
      return from.filter((column) => !known.has(column.column)).map((column) => new ColumnObject(column))
    },
  },
  expand_target_column_types: { atParse: nothing, run: nothing },
  create_schema: {
    atParse: nothing,
    run: async (context, args) => {
      await context.invocation.database.createSchema(
        await context.session(),
        relationOf(args[0], "create_schema").schema ?? "",
      )
      return ""
    },
  },
  drop_schema: {
    atParse: nothing,
    run: async (context, args) => {
      const { schema } = relationOf(args[0], "drop_schema")
      const { database } = context.invocation
      await (await context.session()).run(
        `drop schema if exists "${database.name}"."${schema ?? ""}" cascade`,
      )
      database.noteSchemaDropped(schema ?? "")
      return ""
    },
  },
  drop_relation: {
    atParse: nothing,
    run: async (context, args, kwargs) => {
      const relation = relationOf(argument(args, kwargs, 0, "relation"), "drop_relation")
      if (relation.type === null)
        throw new PythonError(
          "RuntimeError",
          `Tried to drop relation ${relation.render()}, but its type is null.`,
        )
      await context.invocation.database.drop(await context.session(), relation)
      return ""
    },
  },
  truncate_relation: {
    atParse: nothing,
    run: async (context, args, kwargs) => {
      await (await context.session()).run(
        `truncate ${relationOf(argument(args, kwargs, 0, "relation"), "truncate_relation").render()}`,
      )
      return ""
    },
  },
  rename_relation: {
    atParse: nothing,
    run: async (context, args, kwargs) => {
      const from = relationOf(argument(args, kwargs, 0, "from_relation"), "rename_relation")
      const to = relationOf(argument(args, kwargs, 1, "to_relation"), "rename_relation")
      await context.invocation.database.rename(await context.session(), from, to)
      return ""
    },
  },
  check_schema_exists: {
    atParse: () => true,
    run: async (context, args, kwargs) => {
      const schemas = await context.invocation.database.schemas(await context.session())
      return schemas.includes(textArgument(args, kwargs, 1, "schema"))
    },
  },
  already_exists: {
    atParse: nothing,
    run: async (context, args, kwargs) => {
      const relation = new Relation({
        database: context.invocation.target.database,
        schema: textArgument(args, kwargs, 0, "schema"),
        identifier: textArgument(args, kwargs, 1, "name"),
      })
      return (await context.invocation.database.existing(await context.session(), relation)) !== undefined
    },
  },
  execute: {
    atParse: () => Tuple.of("", null),
    run: async (context, args, kwargs) => {
      const result = await (await context.session()).result(textArgument(args, kwargs, 0, "sql"))
      return Tuple.from<unknown>(["OK", TableObject.of(result)])
    },
  },
  get_column_schema_from_query: {
    atParse: emptyList,
    run: async (context, args, kwargs) => {
      const result = await (await context.session()).result(
        `select * from (${textArgument(args, kwargs, 0, "sql")}) as q limit 0`,
      )
      return result.columns.map((name, i) => new ColumnObject(new TableColumn(name, result.types[i] ?? "")))
    },
  },
  commit: { atParse: nothing, run: nothing },
}

const UNSUPPORTED = new Set([
  "add_query",
  "submit_python_job",
  "get_catalog",
  "get_rows_different_sql",
  "get_binding_char",
  "store_relation",
  "external_root",
  "load_source",
  "location_exists",
  "external_write_options",
  "external_read_location",
  "valid_snapshot_target",
  "assert_valid_snapshot_target_given_strategy",
  "build_catalog_relation",
  "standardize_grants_dict",
  "apply_grants",
])

function namedRelation(args: unknown[], kwargs: Record<string, unknown>): Relation {
  const part = (index: number, name: string): string | null => {
    const value = argument(args, kwargs, index, name)
    return value === undefined || value === null ? null : pythonStr(value)
  }
  return new Relation({
    database: part(0, "database"),
    schema: part(1, "schema"),
    identifier: part(2, "identifier"),
  })
}

async function listRelations(context: NodeContext, schema: string): Promise<unknown[]> {
  const found = await context.invocation.database.relationsIn(await context.session(), schema)
  return found.map((relation) => new RelationObject(relation))
}

async function existing(context: NodeContext, wanted: Relation): Promise<unknown> {
  const found = await context.invocation.database.existing(await context.session(), wanted)
  return found === undefined ? null : new RelationObject(found)
}

/** `api.Relation`: makes relations. */
export class RelationClass extends Attributes {
  protected read(name: string): unknown {
    if (name === "Table" || name === "View" || name === "CTE") return name.toLowerCase()
    if (name !== "create") return undefined
    return method(name, (args, kwargs) => {
      const relation = namedRelation(args, kwargs)
      const type = kwargs["type"]
      return new RelationObject(
        relation.with({
          type: type === undefined || type === null ? null : (pythonStr(type) as RelationType),
        }),
      )
    })
  }

  override toString(): string {
    return "<dbt.context.providers.RelationProxy>"
  }
}
