/** White space and comments at the start of SQL. */
const LEADING = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
const WITH = /^with\b(?:\s+recursive\b)?/i

/** Puts CTEs before those that SQL has, or gives it a WITH clause. */
export function injectCtes(sql: string, ctes: readonly { sql: string }[]): string {
  if (ctes.length === 0) return sql
  const list = ctes.map((cte) => cte.sql).join(", ")
  const start = LEADING.exec(sql)?.[0].length ?? 0
  const keyword = WITH.exec(sql.slice(start))?.[0]
  if (keyword !== undefined) {
    const end = start + keyword.length
    return `${sql.slice(0, end)} ${list},${sql.slice(end)}`
  }
  const space = sql.length - sql.trimStart().length
  return `${sql.slice(0, space)}with${list} ${sql.slice(space)}`
}
