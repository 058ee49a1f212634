/** A query as it is in a job's configuration. */
export interface EmulatedQuery {
  query: string
  createSession?: boolean
  connectionProperties?: { key: string; value: string }[]
}

/** What a session has: the tables that its open transaction changed, and the stored tables that stand for its temporary ones. */
class EmulatedSession {
  changed: Set<string> | undefined
  readonly temporary = new Map<string, string>()
}

/**
 * Gives the emulator's sessions what it knows within one script only. Temporary tables are stored ones. What a transaction changes is
 * copied before, and put back on rollback: other sessions see the changes before the commit, so that isolation is not to be tested here.
 */
export class EmulatedSessions {
  readonly #run: (sql: string) => Promise<unknown>
  /** Where the tables are that stand for temporary ones, quoted. */
  readonly #dataset: string
  readonly #sessions = new Map<string, EmulatedSession>()
  #tables = 0

  constructor(run: (sql: string) => Promise<unknown>, dataset: string) {
    this.#run = run
    this.#dataset = dataset
  }

  /**
   * What to run in place of a statement, after what has to be done before it; and what is to be told of the session that the statement
   * opened.
   */
  async before(query: EmulatedQuery): Promise<{ query: EmulatedQuery; opened: (id: string) => void }> {
    const id = query.connectionProperties?.find(({ key }) => key === "session_id")?.value ?? ""
    const session = this.#sessions.get(id) ?? new EmulatedSession()
    const opened = (given: string) => void this.#sessions.set(given, session)
    const sql = query.query.trim().toLowerCase()
    const aborted = /^call bq\.abort_session\('([^']+)'\)/.exec(sql)?.[1]
    if (aborted !== undefined) {
      await this.#end(this.#sessions.get(aborted), true)
      this.#sessions.delete(aborted)
    }
    if (sql === "begin transaction") session.changed = new Set()
    if (sql === "rollback transaction") await this.#end(session, true)
    if (sql === "commit transaction") await this.#end(session, false)
    if (aborted !== undefined || /^(begin|commit|rollback) transaction$/.test(sql))
      return { query: { ...query, query: "select 1" }, opened }
    const own = this.#withTemporary(session, query.query.trim())
    const changed = /^(?:insert into|update|delete from|merge into|merge)\s+(\S+)/i.exec(own)?.[1]
    if (changed !== undefined && session.changed?.has(changed) === false) {
      await this.#run(`create table ${copyOf(changed)} as select * from ${changed}`)
      session.changed.add(changed)
    }
    return { query: { ...query, query: own }, opened }
  }

  /** Names the stored tables in place of the temporary ones. */
  #withTemporary({ temporary }: EmulatedSession, sql: string): string {
    for (const [, made = ""] of sql.matchAll(/\bcreate (?:or replace )?temp table (\w+)/gi))
      temporary.set(made, `${this.#dataset}.${made}_${this.#tables++}`)
    let own = sql.replaceAll(/\b(create (?:or replace )?)temp (table)/gi, "$1$2")
    for (const [name, stored] of temporary) own = own.replaceAll(new RegExp(`\\b${name}\\b`, "g"), stored)
    return own
  }

  /** Undoes what no session has committed. */
  async undoAll(): Promise<void> {
    for (const session of this.#sessions.values()) await this.#end(session, true)
  }

  async #end(session: EmulatedSession | undefined, undo: boolean): Promise<void> {
    for (const table of session?.changed ?? []) {
      if (undo) {
        await this.#run(`delete from ${table} where true`)
        await this.#run(`insert into ${table} select * from ${copyOf(table)}`)
      }
      await this.#run(`drop table ${copyOf(table)}`)
    }
    if (session !== undefined) session.changed = undefined
  }
}

/** The name that holds what a table was before. */
function copyOf(table: string): string {
  return table.endsWith("`") ? `${table.slice(0, -1)}__before\`` : `${table}__before`
}
