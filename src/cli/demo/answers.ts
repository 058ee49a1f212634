import { join } from "node:path"
import { currentVersion } from "../../publish/version.ts"
import { openDuckDb, quoteLiteral } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Style } from "../terminal/style.ts"
import { table } from "../terminal/text.ts"
import { QUESTIONS, type Question } from "./questions.ts"

export interface Answer {
  question: Question
  rows: Record<string, string | null>[]
}

/** Asks the published version; readers never touch the warehouse. Questions about tables that are not there are left out. */
export async function answersOf(published: string): Promise<Answer[]> {
  const version = await currentVersion(published)
  if (version === undefined) return []
  const warehouse = await openDuckDb({ path: ":memory:" })
  try {
    const session = await warehouse.session()
    for (const name of Object.keys(version.tables)) {
      const files = quoteLiteral(join(published, version.version, name, "**", "*.parquet"))
      await session.run(`create view ${warehouse.quote(name)} as from read_parquet(${files})`)
    }
    const answers: Answer[] = []
    for (const question of QUESTIONS) {
      if (!question.tables.every((name) => name in version.tables)) continue
      const rows = await session.rows<Record<string, string | null>>(question.sql)
      if (rows.length > 0) answers.push({ question, rows })
    }
    return answers
  } finally {
    await warehouse.close()
  }
}

export function answerLines(
  answers: readonly Answer[],
  style: (name: Style, text: string) => string,
): string[] {
  return answers.flatMap(({ question, rows }) => {
    const keys = Object.keys(question.columns)
    const titles = Object.values(question.columns)
    const cells = rows.map((row) => keys.map((key) => row[key] ?? ""))
    const numeric = keys.flatMap((key, i) => (question.texts.includes(key) ? [] : [i]))
    return [
      "",
      style("bold", question.title),
      ...table(titles, cells, numeric),
      ...(question.note === undefined ? [] : [style("dim", question.note)]),
    ]
  })
}
