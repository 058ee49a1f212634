/** A query as it is in a job's configuration. */
export interface EmulatedQuery {
  query: string
  createSession?: boolean
  connectionProperties?: { key: string; value: string }[]
}

/**
 * Gives the emulator's sessions transactions, which it knows within one script only: what a transaction changes is copied before, and
 * put back on rollback. Other sessions see the changes before the commit, so that isolation is not to be tested here.
 */
export class EmulatedSessions {
  readonly #run: (sql: string) => Promise<unknown>
  /** The tables that open transactions changed, by session. */
  readonly #open = new Map<string, Set<string>>()

  constructor(run: (sql: string) => Promise<unknown>) {
    this.#run = run
  }

  /** What to run in place of a statement, after what has to be done before it. */
  async before(query: EmulatedQuery): Promise<EmulatedQuery> {
    const sql = query.query.trim().toLowerCase()
    const session = query.connectionProperties?.find(({ key }) => key === "session_id")?.value ?? ""
    const aborted = /^call bq\.abort_session\('([^']+)'\)/.exec(sql)?.[1]
    if (aborted !== undefined) await this.#end(aborted, true)
    if (sql === "begin transaction" && session !== "") this.#open.set(session, new Set())
    if (sql === "rollback transaction") await this.#end(session, true)
    if (sql === "commit transaction") await this.#end(session, false)
    if (aborted !== undefined || /^(begin|commit|rollback) transaction$/.test(sql))
      return { ...query, query: "select 1" }
    const changed = /^(?:insert into|update|delete from|merge into|merge)\s+(\S+)/i.exec(
      query.query.trim(),
    )?.[1]
    const tables = this.#open.get(session)
    if (changed !== undefined && tables?.has(changed) === false) {
      await this.#run(`create table ${copyOf(changed)} as select * from ${changed}`)
      tables.add(changed)
    }
    return query
  }

  /** A session has begun with the transaction that it was made for. */
  begun(session: string): void {
    this.#open.set(session, new Set())
  }

  async #end(session: string, undo: boolean): Promise<void> {
    for (const table of this.#open.get(session) ?? []) {
      if (undo) {
        await this.#run(`delete from ${table} where true`)
        await this.#run(`insert into ${table} select * from ${copyOf(table)}`)
      }
      await this.#run(`drop table ${copyOf(table)}`)
    }
    this.#open.delete(session)
  }
}

/** The name that holds what a table was before. */
function copyOf(table: string): string {
  return table.endsWith("`") ? `${table.slice(0, -1)}__before\`` : `${table}__before`
}
