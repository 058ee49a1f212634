import { type Effects, throwIfInterrupted } from "../../core/effects.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { profileColumn } from "./column.ts"
import type { ColumnFacts, ColumnLook, TableFacts } from "./facts.ts"
import { showValue, shown } from "./mask.ts"
import { namesPerson } from "./personal.ts"
import { findReferences } from "./references.ts"
import {
  type ProfileReport,
  PROFILE_VERSION,
  type TableOrigin,
  type TableProfile,
  type Verdict,
} from "./report.ts"
import { likelyKeys, rowFacts } from "./rows.ts"
import { timeColumn, timeCoverage } from "./time.ts"
import { verdicts } from "./verdict.ts"

/** A table to be profiled, read into the session with every column a text. */
export interface CandidateTable {
  name: string
  /** SQL name. */
  table: string
  columns: readonly string[]
  rows: number
  rejected: TableProfile["rejected"]
  origin: TableOrigin
}

const UNTOUCHED = "Nothing was written."

/** Profiles tables, each by itself and all together. */
export async function profileTables(
  session: Session,
  candidates: readonly CandidateTable[],
  about: { subject: string; unusable: ProfileReport["unusable"] },
  effects: Effects,
): Promise<ProfileReport> {
  const look: Look = { session, now: effects.now(), depth: "full", effects }
  const tables: TableFacts[] = []
  for (const [i, candidate] of candidates.entries()) {
    const started = performance.now()
    tables.push(await tableFacts(look, { ...candidate, partial: candidate.origin.partial }, i))
    const elapsedMs = performance.now() - started
    effects.report({ step: "profile", name: candidate.name, status: "done", rows: candidate.rows, elapsedMs })
  }
  const references = await findReferences(session, tables)
  const found = await verdicts(session, tables, references)
  return {
    profileVersion: PROFILE_VERSION,
    profiledAt: effects.now().toISOString(),
    ...about,
    tables: await Promise.all(
      tables.map(async (table, i): Promise<TableProfile> => {
        const { origin, rejected } = candidates[i] as CandidateTable
        const time = timeColumn(table.columns)
        return {
          name: table.name,
          origin,
          rows: table.rows,
          rejected,
          duplicates: { surplusRows: table.rows - table.distinctRows, distinctRows: table.distinctRows },
          keys: likelyKeys(table),
          nearlyKeys: table.nearlyKeys,
          time: time === undefined ? null : await timeCoverage(session, time, effects.now()),
          columns: table.columns.map(({ profile }) => shown(profile)),
          verdict: found.get(table) as Verdict,
        }
      }),
    ),
    references: references.map((reference) => {
      const { child, column, parent, key, by, rows, orphans, orphanExample, coverage, copies } = reference
      return {
        table: child.name,
        column: column.name,
        to: { table: parent.name, column: key.name },
        by,
        rows,
        orphans,
        orphanExample: orphanExample === null ? null : showValue(orphanExample, column.profile),
        coverage,
        copies,
      }
    }),
  }
}

/** A table of which only what decides about it is asked. */
export type JudgedTable = Pick<CandidateTable, "name" | "table" | "columns" | "rows"> & {
  /** Only its first records were read. */
  partial: boolean
}

/** Whether each table belongs into a shop, in their order. A small part of the work of a profile. */
export async function judgeTables(
  session: Session,
  candidates: readonly JudgedTable[],
  effects: Effects,
): Promise<Verdict[]> {
  const look: Look = { session, now: effects.now(), depth: "verdict", effects }
  const tables: TableFacts[] = []
  for (const [i, candidate] of candidates.entries()) tables.push(await tableFacts(look, candidate, i))
  const found = await verdicts(session, tables, await findReferences(session, tables))
  return tables.map((table) => found.get(table) as Verdict)
}

type Look = Omit<ColumnLook, "table" | "rows"> & { effects: Effects }

async function tableFacts(
  look: Look,
  { name, table, columns, rows, partial }: JudgedTable,
  number: number,
): Promise<TableFacts> {
  const facts: ColumnFacts[] = []
  for (const [i, column] of columns.entries()) {
    throwIfInterrupted(look.effects, UNTOUCHED)
    look.effects.report({ step: "profile", name, status: "progress", message: column })
    facts.push(await profileColumn({ ...look, table, rows }, column, `values_${number}_${i}`))
  }
  const personal = facts.some(({ kind, name }) => kind?.level === "direct" || namesPerson(name))
  for (const each of facts) {
    const { kind } = each
    if (kind !== null && (kind.level === "direct" || personal)) each.profile.personal = kind
  }
  const found = await rowFacts(look.session, table, rows, facts)
  return { name, table, rows, partial, ...found, columns: facts }
}
