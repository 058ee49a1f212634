import { CartwrightError } from "../../core/errors.ts"
import type { ResultSet, Row, Session, WarehouseValue } from "../warehouse.ts"
import type { FinishedJob, QueryConfiguration } from "./job.ts"
import type { Jobs } from "./jobs.ts"
import { fromBigQuery, toParameter, typeName } from "./values.ts"

/** A session that can also make sure that a statement is not run twice. */
export interface BigQuerySession extends Session {
  /**
   * As `run`, as a job whose id is made of the run, the session's step and `key`: where an earlier attempt of the step ran it, or runs
   * it, that job is taken over, and its changes are not made a second time. Another statement needs another key.
   */
  runOnce(key: string, sql: string, parameters?: readonly WarehouseValue[]): Promise<number>
}

export interface SessionOptions {
  jobs: Jobs
  /** The id of the job that is known by a key, the same whenever the step is attempted; undefined where no step was named. */
  idOf: ((key: string) => string) | undefined
  /** An id that no other job has. */
  newId: () => string
  columnsOf: (dataset: string, table: string) => Promise<string[] | undefined>
  labels: Record<string, string>
  /** Told what is still to be waited for after `close`. */
  closed: (ending: Promise<unknown>) => void
}

/**
 * Statements are jobs. Transactions and temporary tables live in a session of BigQuery's, which begins with the first of them and is
 * ended on close.
 */
export function openSession(options: SessionOptions): BigQuerySession {
  return new OpenSession(options)
}

/** What lives in a session. Taken for one where it only stands in a text, a statement runs all the same. */
const NEEDS_SESSION = /^\s*begin\s+transaction\b|\bcreate\s+(?:or\s+replace\s+)?temp(?:orary)?\b/i

class OpenSession implements BigQuerySession {
  readonly #options: SessionOptions
  #sessionId: string | undefined
  #inTransaction = false
  /** The statement before: a session of BigQuery's runs one at a time. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.#options = options
  }

  async run(sql: string, parameters?: readonly WarehouseValue[]): Promise<number> {
    return this.#changed(await this.#query(sql, parameters))
  }

  async runOnce(key: string, sql: string, parameters?: readonly WarehouseValue[]): Promise<number> {
    const id = this.#options.idOf?.(key)
    if (id === undefined || this.#inTransaction || NEEDS_SESSION.test(sql)) {
      throw new CartwrightError("unsupported", `"${key}" cannot be run once`, {
        place: key,
        next:
          id === undefined
            ? "Open the session with the name of its step."
            : "Use run: what goes with the transaction or the session has to be done again.",
        state: "The statement did not run.",
      })
    }
    return this.#changed(await this.#query(sql, parameters, id))
  }

  async rows<T = Row>(sql: string, parameters?: readonly WarehouseValue[]): Promise<T[]> {
    const { columns, rows } = await this.result(sql, parameters)
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])) as T)
  }

  async result(sql: string, parameters?: readonly WarehouseValue[]): Promise<ResultSet> {
    const finished = await this.#query(sql, parameters)
    const fields = finished.first.schema?.fields ?? []
    const rows: WarehouseValue[][] = []
    for await (const page of this.#options.jobs.pages(finished))
      for (const { f: cells } of page.rows ?? [])
        rows.push(fields.map((field, i) => fromBigQuery(field, cells[i]?.v ?? null)))
    return { columns: fields.map(({ name }) => name ?? ""), types: fields.map(typeName), rows }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#query("begin transaction")
    this.#inTransaction = true
    let value: T
    try {
      value = await work()
      await this.#query("commit transaction")
    } catch (error) {
      // BigQuery may have rolled back by itself; the first error is the one to tell.
      await this.#query("rollback transaction", [], this.#options.newId(), true).catch(() => undefined)
      throw error
    } finally {
      this.#inTransaction = false
    }
    return value
  }

  columns(dataset: string, table: string): Promise<string[] | undefined> {
    return this.#options.columnsOf(dataset, table)
  }

  close(): void {
    const id = this.#sessionId
    this.#sessionId = undefined
    this.#options.closed(id === undefined ? this.#last : this.#last.then(() => this.#end(id)))
  }

  #query(
    sql: string,
    parameters: readonly WarehouseValue[] = [],
    id = this.#options.newId(),
    always = false,
  ): Promise<FinishedJob> {
    const query = { query: sql, queryParameters: parameters.map(toParameter) }
    const next = this.#last.then(() => {
      if (this.#sessionId !== undefined) {
        const connectionProperties = [{ key: "session_id", value: this.#sessionId }]
        return this.#send(id, { ...query, connectionProperties }, always)
      }
      return NEEDS_SESSION.test(sql) ? this.#open(query) : this.#send(id, query, always)
    })
    this.#last = next.catch(() => undefined)
    return next
  }

  /** Opens a session of BigQuery's with its first statement. */
  async #open(query: QueryConfiguration): Promise<FinishedJob> {
    const { jobs, idOf, newId } = this.#options
    for (let ordinal = 0; ; ordinal++) {
      const id = idOf?.(`session ${ordinal}`) ?? newId()
      const begun = await this.#send(id, { ...query, createSession: true })
      const { statistics } = await jobs.resource(begun.id)
      const sessionId = statistics?.sessionInfo?.sessionId
      if (!begun.takenOver) {
        this.#sessionId = sessionId
        return begun
      }
      // One that an earlier attempt left may hold its tables, until somebody ends it.
      if (sessionId !== undefined) await this.#end(sessionId)
    }
  }

  /** Ends a session of BigQuery's, which undoes what is not committed. One that has ended is no error. */
  async #end(sessionId: string): Promise<void> {
    const query = `call bq.abort_session('${sessionId}')`
    await this.#send(this.#options.newId(), { query }, true).catch(() => undefined)
  }

  #send(id: string, query: QueryConfiguration, always = false): Promise<FinishedJob> {
    const { jobs, labels } = this.#options
    const again = !this.#inTransaction
    return jobs.run({ id, labels, configuration: { query }, again, always })
  }

  /** The rows that a statement changed: of a script, those of its last statement. */
  async #changed({ id, first }: FinishedJob): Promise<number> {
    if (first.numDmlAffectedRows !== undefined) return Number(first.numDmlAffectedRows)
    const { jobs } = this.#options
    const { statistics } = await jobs.resource(id)
    const own = statistics?.query?.numDmlAffectedRows
    if (own !== undefined || statistics?.query?.statementType !== "SCRIPT") return Number(own ?? 0)
    const last = await jobs.lastOfScript(id)
    return Number(last?.statistics?.query?.numDmlAffectedRows ?? 0)
  }
}
