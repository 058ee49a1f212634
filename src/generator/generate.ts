import { rm } from "node:fs/promises"
import { join } from "node:path"
import { type Effects, throwIfInterrupted } from "../core/effects.ts"
import { openDuckDb, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { UNFINISHED } from "../connectors/files/unfinished.ts"
import type { Delivery } from "./deliveries.ts"
import { checkedRates, type DirtRates } from "./dirt/kinds.ts"
import { TABLE_NAMES, type TableName, tableShape } from "./files/tables.ts"
import { clearFolder, explained, NOTHING_THERE, settle, TRUTH } from "./files/folder.ts"
import { writeTable } from "./files/write.ts"
import { checkedSettings, type Settings } from "./options.ts"
import { foundShop, openDoors, type Shop } from "./shop/shop.ts"
import { changesBetween } from "./truth/changes.ts"
import { writeTruth } from "./truth/truth.ts"

export interface GenerateOptions {
  /**
   * Where the files go; made when absent. What an earlier generation wrote there is removed first; a folder that holds
   * files of these names from elsewhere is refused.
   */
  dir: string
  /** 1: about 2.4 M events, 100 k users, 125 k orders, 175 k order items, 29,120 products, 470 k inventory items. */
  scale: number
  /** The same seed and options give the same bytes. */
  seed: number
  /** First and last day covered. @defaultValue 2022-01-01 to 2025-12-31, never the clock */
  from?: string
  to?: string
  /** The last so many days come as deliveries of their own, in folders `date=YYYYMMDD`. @defaultValue 0: one, undated */
  days?: number
  /** Plants defects, and records each. @defaultValue false */
  dirt?: boolean | Partial<DirtRates>
  /** @defaultValue "csv" */
  format?: Settings["format"]
  /** Times as `… UTC` with the *_geom columns, or as `…+00:00` without. @defaultValue "bigquery" */
  style?: Settings["style"]
  /** A table of more rows comes as several files, `_0001` and so on. Keeps memory bounded. @defaultValue 2500000 */
  rowsPerFile?: number
  threads?: number
  /** DuckDB's own; the process peaks above it. @defaultValue 1.5GB */
  memoryLimit?: string
  effects: Effects
}

export interface GenerateOutcome {
  /** Each of the seven tables with its files (absolute paths); rows include planted duplicates. */
  tables: { name: string; rows: number; bytes: number; files: string[] }[]
  /** Every planted effect with its realised value: `<dir>/.truth/truth.json`. */
  truthPath: string
  /** Every planted defect, a JSON object a line: `<dir>/.truth/dirt.ndjson`. */
  dirtPath?: string
  elapsedMs: number
}

/** Writes theLook's seven tables for an invented shop, and the truth about them in a hidden folder beside. */
export async function generateShop(options: GenerateOptions): Promise<GenerateOutcome> {
  const settings = checkedSettings(options)
  const rates = checkedRates(options.dirt)
  const { effects, dir } = options
  const started = effects.now().getTime()
  let moving = false
  try {
    const staging = await clearFolder(dir)
    const warehouse = await openDuckDb({
      path: ":memory:",
      tempDirectory: join(dir, UNFINISHED, "memory"),
      memoryLimit: options.memoryLimit ?? "1.5GB",
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    })
    try {
      const session = await warehouse.session()
      const shop = await foundShop(session, settings)
      const writer = new ShopWriter(shop, rates, { dir, staging }, effects)
      const changes = await writer.writeAll()
      const tables = writer.tables()
      const truthPath = join(dir, TRUTH, "truth.json")
      const dirtPath = join(dir, TRUTH, "dirt.ndjson")
      if (rates)
        await session.run(`copy dirt to ${quoteLiteral(join(staging, TRUTH, "dirt.ndjson"))} (format json)`)
      await writeTruth(join(staging, TRUTH, "truth.json"), shop, tables, changes, rates, dir)
      moving = true
      await settle(staging, dir)
      const outcome = { tables, truthPath, elapsedMs: effects.now().getTime() - started }
      return rates ? { ...outcome, dirtPath } : outcome
    } finally {
      await warehouse.close()
    }
  } catch (error) {
    if (!moving) await rm(join(dir, UNFINISHED), { recursive: true, force: true }).catch(() => undefined)
    throw explained(error, dir)
  }
}

class ShopWriter {
  readonly #shop: Shop
  readonly #rates: DirtRates | undefined
  readonly #folders: { dir: string; staging: string }
  readonly #effects: Effects
  readonly #written = new Map<TableName, GenerateOutcome["tables"][number]>()

  /** @param folders where the files will be, and where they are written */
  constructor(
    shop: Shop,
    rates: DirtRates | undefined,
    folders: { dir: string; staging: string },
    effects: Effects,
  ) {
    this.#shop = shop
    this.#rates = rates
    this.#folders = folders
    this.#effects = effects
  }

  tables(): GenerateOutcome["tables"] {
    return TABLE_NAMES.flatMap((name) => this.#written.get(name) ?? [])
  }

  /** @returns what each delivery brings and changes */
  async writeAll(): Promise<unknown[]> {
    const shop = this.#shop
    const changes: unknown[] = []
    let before: Delivery | undefined
    for (const delivery of shop.deliveries) {
      for (const [index, stretch] of delivery.stretches.entries()) {
        this.#stopIfAsked()
        await openDoors(shop, delivery, stretch)
        await this.#write("events", delivery, delivery.stretches.length === 1 ? "" : numbered(index))
      }
      for (const name of TABLE_NAMES) {
        if (name === "events") continue
        const parts = this.#partsOf(name)
        for (const [index, part] of parts.entries()) {
          await this.#write(name, delivery, parts.length === 1 ? "" : numbered(index), part)
        }
      }
      if (shop.daily) {
        const changed = before
          ? await changesBetween(shop, before.time, delivery.time, delivery.lastDay)
          : "all history"
        changes.push({ date: delivery.date, folder: delivery.folder, changes: changed })
      }
      before = delivery
    }
    return changes
  }

  /** A table's files: ranges of its customers or orders, so that none has to be sorted that does not fit into memory. */
  #partsOf(name: TableName): readonly ({ from: number; upto: number } | undefined)[] {
    const { orders, items } = this.#shop.known
    const sizes: Partial<Record<TableName, readonly [first: number, entities: number, rows: number]>> = {
      users: [0, this.#shop.customerCount, this.#shop.customerCount],
      orders: [1, orders, orders],
      order_items: [1, orders, items],
      inventory_items: [1, orders, 2.7 * items],
    }
    const [first, entities, rows] = sizes[name] ?? [0, 0, 0]
    const count = Math.ceil(rows / this.#shop.settings.rowsPerFile)
    if (count <= 1) return [undefined]
    return Array.from({ length: count }, (_, i) => ({
      from: first + Math.floor((i * entities) / count),
      upto: first + Math.floor(((i + 1) * entities) / count),
    }))
  }

  async #write(
    name: TableName,
    delivery: Delivery,
    suffix: string,
    part?: { from: number; upto: number },
  ): Promise<void> {
    this.#stopIfAsked()
    const shop = this.#shop
    const began = this.#effects.now().getTime()
    const file = [delivery.folder, `${name}${suffix}.${shop.settings.format}`].filter(Boolean).join("/")
    this.#effects.report({ step: "generate", name, status: "start", message: file })
    const shape = tableShape(name, {
      time: delivery.time,
      span: shop.span,
      random: shop.random,
      daily: shop.daily !== undefined,
      productCount: shop.productCount,
      geometry: shop.style.geometry,
      ...(part === undefined ? {} : { part }),
    })
    const { dir, staging } = this.#folders
    const { rows, bytes } = await writeTable(shop.session, shape, join(staging, file), file, {
      format: shop.settings.format,
      zone: shop.style.zone,
      rates: this.#rates,
      random: shop.random,
    })
    const entry = this.#written.get(name) ?? { name, rows: 0, bytes: 0, files: [] }
    this.#written.set(name, {
      name,
      rows: entry.rows + rows,
      bytes: entry.bytes + bytes,
      files: [...entry.files, join(dir, file)],
    })
    const elapsedMs = this.#effects.now().getTime() - began
    this.#effects.report({ step: "generate", name, status: "done", rows, bytes, elapsedMs, message: file })
  }

  #stopIfAsked(): void {
    throwIfInterrupted(this.#effects, NOTHING_THERE)
  }
}

const numbered = (index: number) => `_${String(index + 1).padStart(4, "0")}`
