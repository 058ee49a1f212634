import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { Session, Warehouse } from "../../warehouse/warehouse.ts"
import { unsupported } from "../errors.ts"
import type { Target } from "../project/profile.ts"
import { TableColumn } from "./column.ts"
import { quoteIdentifier, quoteLiteral } from "./quoting.ts"
import { Relation, type RelationType } from "./relation.ts"

/**
 * The DuckDB file of a target: opened on first use, with a cache of which relations there are, kept up to date by
 * what is done through it. As with dbt, what a hook creates by plain SQL is not in the cache.
 */
export class Database {
  readonly #target: Target
  #warehouse: Promise<Warehouse> | undefined
  #sessions: Session[] = []
  readonly #idle: Session[] = []
  /** Lower-case schema → relations by key. */
  readonly #cache = new Map<string, Map<string, Relation>>()

  readonly #signal: AbortSignal

  /** @param signal aborting it interrupts the statements that run */
  constructor(target: Target, signal: AbortSignal) {
    this.#target = target
    this.#signal = signal
  }

  get name(): string {
    return this.#target.database
  }

  /** A session for one worker; give it back with {@link release}. */
  async acquire(): Promise<Session> {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    this.#warehouse ??= this.#open()
    const session = await (await this.#warehouse).session()
    this.#sessions.push(session)
    for (const [key, value] of Object.entries(this.#target.settings)) {
      await session.run(`set ${key} = ${quoteLiteral(String(value))}`)
    }
    return session
  }

  release(session: Session): void {
    this.#idle.push(session)
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.close()
    this.#sessions = []
    if (this.#warehouse !== undefined) await (await this.#warehouse).close()
    this.#warehouse = undefined
  }

  async #open(): Promise<Warehouse> {
    const { path, configOptions, extensions } = this.#target
    const { threads, memory_limit, temp_directory, access_mode, ...others } = configOptions
    const { openDuckDb } = await import("../../warehouse/duckdb/duckdb-warehouse.ts")
    const warehouse = await openDuckDb({
      path,
      signal: this.#signal,
      ...(threads === undefined ? {} : { threads: Number(threads) }),
      ...(memory_limit === undefined ? {} : { memoryLimit: String(memory_limit) }),
      ...(temp_directory === undefined ? {} : { tempDirectory: String(temp_directory) }),
      ...(String(access_mode).toLowerCase() === "read_only" ? { readOnly: true } : {}),
    })
    try {
      const session = await warehouse.session()
      for (const [key, value] of Object.entries(others)) {
        await session.run(`set global ${key} = ${quoteLiteral(String(value))}`)
      }
      for (const name of extensions) await loadExtension(session, name)
      session.close()
      return warehouse
    } catch (error) {
      await warehouse.close()
      throw error
    }
  }

  /** Reads which relations the schemas hold; later ones are read when first asked for. */
  async fillCache(session: Session, schemas: readonly string[]): Promise<void> {
    for (const schema of schemas)
      if (!this.#cache.has(schema.toLowerCase())) this.#cache.set(schema.toLowerCase(), new Map())
    const rows = await session.rows(
      `select table_schema, table_name, table_type from information_schema.tables where table_catalog = ${quoteLiteral(this.name)}`,
    )
    for (const row of rows) {
      const schema = String(row["table_schema"])
      const relations = this.#cache.get(schema.toLowerCase())
      if (relations === undefined) continue
      const type: RelationType = row["table_type"] === "VIEW" ? "view" : "table"
      const relation = new Relation(
        { database: this.name, schema, identifier: String(row["table_name"]) },
        { type },
      )
      relations.set(relation.key(), relation)
    }
  }

  /** The relations of a schema, from the cache. */
  async relationsIn(session: Session, schema: string): Promise<Relation[]> {
    if (!this.#cache.has(schema.toLowerCase())) await this.fillCache(session, [schema])
    return [...(this.#cache.get(schema.toLowerCase())?.values() ?? [])]
  }

  /** The relation as it exists, with its type; undefined when there is none. */
  async existing(session: Session, wanted: Relation): Promise<Relation | undefined> {
    const schema = wanted.schema ?? ""
    if (!this.#cache.has(schema.toLowerCase())) await this.fillCache(session, [schema])
    return this.#cache.get(schema.toLowerCase())?.get(wanted.key())
  }

  /** Records that a relation now exists. */
  noteCreated(relation: Relation, type: RelationType): void {
    this.#cache.get((relation.schema ?? "").toLowerCase())?.set(relation.key(), relation.with({ type }))
  }

  noteDropped(relation: Relation): void {
    this.#cache.get((relation.schema ?? "").toLowerCase())?.delete(relation.key())
  }

  noteSchemaDropped(schema: string): void {
    this.#cache.set(schema.toLowerCase(), new Map())
  }

  async schemas(session: Session): Promise<string[]> {
    const rows = await session.rows(
      `select schema_name from information_schema.schemata where catalog_name = ${quoteLiteral(this.name)}`,
    )
    return rows.map((row) => String(row["schema_name"]))
  }

  async createSchema(session: Session, schema: string): Promise<void> {
    await session.run(`create schema if not exists ${quoteIdentifier(this.name)}.${quoteIdentifier(schema)}`)
  }

  async drop(session: Session, relation: Relation): Promise<void> {
    await session.run(
      `drop ${relation.type === "view" ? "view" : "table"} if exists ${relation.render()} cascade`,
    )
    this.noteDropped(relation)
  }

  async rename(session: Session, from: Relation, to: Relation): Promise<void> {
    const kind = from.type === "view" ? "view" : "table"
    await session.run(`alter ${kind} ${from.render()} rename to ${quoteIdentifier(to.identifier ?? "")}`)
    this.noteDropped(from)
    this.noteCreated(to, from.type ?? "table")
  }

  /** Columns of a table or view in their order; temporary tables have no database. */
  async columns(session: Session, relation: Relation): Promise<TableColumn[]> {
    // A seventh of the time that the catalog's view of all columns takes, which is asked only where there is no such relation.
    const rows = await session
      .rows(`select name, type from pragma_table_info(${quoteLiteral(relation.render())})`)
      .catch((cause: unknown) => {
        if (!/^(?:Catalog|Binder) Error/.test(messageOf(cause))) throw cause
        return session.rows(
          `select column_name as name, data_type as type from system.information_schema.columns
           where table_name = ${quoteLiteral(relation.identifier ?? "")}
           ${relation.schema === null ? "" : `and lower(table_schema) = lower(${quoteLiteral(relation.schema)})`}
           ${relation.database === null ? "" : `and lower(table_catalog) = lower(${quoteLiteral(relation.database)})`}
           order by ordinal_position`,
        )
      })
    return rows.map(({ name, type }) => new TableColumn(String(name), String(type)))
  }
}

async function loadExtension(session: Session, name: string): Promise<void> {
  try {
    await session.run(`load ${quoteIdentifier(name)}`)
  } catch (cause) {
    const reason = messageOf(cause).split("\n")[0] ?? ""
    if (!/not found|could not|failed/i.test(reason)) throw unsupported(`DuckDB extension '${name}'`)
    throw new CartwrightError("environment", `the DuckDB extension '${name}' is not available: ${reason}`, {
      place: "extensions: in profiles.yml",
      next: `Install it once with DuckDB (INSTALL ${name}), or remove it from the profile.`,
      cause,
    })
  }
}
