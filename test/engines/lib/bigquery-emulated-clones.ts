/**
 * What the emulator lacks for publishing. Clones are copies; `__TABLES__` tells of each table its kind and when it was written, by a
 * clock that counts the statements; numbers of rows and bytes are 0.
 */
export class EmulatedClones {
  readonly #written = new Map<string, number>()
  #clock = 0

  /** Notes which tables a query writes. */
  wrote(sql: string): void {
    for (const [, path = ""] of sql.matchAll(WRITES)) this.#written.set(lastTwo(path), ++this.#clock)
  }

  /** The query in words that the emulator knows. */
  understood(sql: string): string {
    return sql
      .replaceAll(/(create table if not exists \S+) clone (\S+?)(?=;|$)/gim, "$1 as select * from $2")
      .replaceAll(/`([\w-]+)`\.`(\w+)`\.__TABLES__/g, (_, project: string, dataset: string) => {
        const times = [...this.#written]
          .filter(([table]) => table.startsWith(`${dataset}.`))
          .map(([table, time]) => `when '${table.split(".")[1]}' then ${time}`)
        const modified = times.length === 0 ? "0" : `case table_name ${times.join(" ")} else 0 end`
        return `(select table_name as table_id, if(table_type = 'VIEW', 2, 1) as type, ${modified} as last_modified_time, 0 as row_count, 0 as size_bytes from \`${project}\`.\`${dataset}\`.INFORMATION_SCHEMA.TABLES)`
      })
  }
}

const WRITES =
  /\b(?:insert into|merge into|merge|update|delete from|truncate table|create or replace table|create table(?: if not exists)?|create (?:or replace )?view)\s+([`\w.-]+)/gi

function lastTwo(path: string): string {
  return path.replaceAll("`", "").split(".").slice(-2).join(".")
}
