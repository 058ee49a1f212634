import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Random } from "./random.ts"

/** A kind of shop for crash tests: how it is made, and what its source delivers from day to day. */
export interface ShopKind {
  name: string
  /** How many days its stories have. */
  days: number
  /** Whether every file names its day: then no delivery is missed where the next one comes before it was landed. */
  dated: boolean
  /** Makes the shop in `home/shop`, whose files are in `home/files`, where those of the first day are. */
  make(home: string, random: Random): Promise<void>
  /** What lies in `home/files` after each day, the days before it included. The same random numbers give the same files. */
  stories(random: Random): readonly Files[]
}

/** Files below the source's folder, by path. */
export type Files = Readonly<Record<string, { content: string | Uint8Array; modified: Date }>>

/** Puts the source's folder into the state of a day. */
export function deliver(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [name, { content, modified }] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    utimesSync(path, modified, modified)
  }
}

/** The midnight that begins a day of a story. */
export function dayStart(day: number): Date {
  return new Date(Date.UTC(2026, 2, 1 + day))
}

/** As in `date=20260301`. */
export function dayName(day: number): string {
  return `date=${dayStart(day).toISOString().slice(0, 10).replaceAll("-", "")}`
}

/** The values of a record; undefined: none. */
export type Row = readonly (string | number | undefined)[]

export function csv(columns: readonly string[], rows: readonly Row[]): string {
  return `${[columns, ...rows].map((row) => row.map((value) => value ?? "").join(",")).join("\n")}\n`
}

/** Records by key, which change from day to day: some are new, some differ, some are gone; one at least stays. */
export function evolve<T>(
  records: Map<number, T>,
  random: Random,
  fresh: (id: number) => T,
  change: (record: T) => T,
  options: { most: number; deletes: boolean },
): void {
  const next = Math.max(0, ...records.keys()) + 1
  const end = next + random.int(records.size === 0 ? 1 : 0, options.most)
  for (let id = next; id < end; id++) records.set(id, fresh(id))
  for (const [id, record] of records) {
    if (random.chance(0.15)) records.set(id, change(record))
    else if (options.deletes && records.size > 1 && random.chance(0.05)) records.delete(id)
  }
}
