import { execFileSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** What Python's csv and decimal say of raw files: a way to the numbers that shares nothing with ours. */
const script = join(dirname(fileURLToPath(import.meta.url)), "raw-facts.py")

/** Amounts are exact decimal text; a map of RFM is customer → days, invoices, money, three scores, segment. */
export interface OnlineRetailFacts {
  lines: number
  amount: string
  kinds: Record<string, [number, string]>
  gross: string
  returns: string
  customers: number
  buyers: number
  products: number
  orders: number
  duplicates: number
  /** Lines that fail a screen, by its name. */
  failing: Record<string, number>
  daily: Record<string, string>
  rfm: Record<string, [number, number, string, number, number, number, string]>
  top: Record<string, Record<string, string>>
  names: Record<string, string>
  key_of_17850: string
}

/** Keys and amounts count a row once, however often it was delivered. */
export interface TheLookFacts {
  rows: Record<string, number>
  keys: Record<string, number>
  amount: string
  cancelled: string
  returned: string
  orders: number
  orders_without_items: number
  orders_with_other_item_count: number
  users_not_delivered: number
  products_not_delivered: number
  items_shipped_before_ordered: number
  cities_null: number
  brazilians: number
  sessions: number
}

export const onlineRetailFacts = (python: string, file: string) =>
  facts(python, "online_retail", file) as OnlineRetailFacts

export const theLookFacts = (python: string, folder: string) =>
  facts(python, "thelook", folder) as TheLookFacts

function facts(python: string, kind: string, path: string): unknown {
  return JSON.parse(execFileSync(python, [script, kind, path], { maxBuffer: 1 << 28 }).toString())
}

/** An amount in whole cents. */
export const cents = (amount: string | undefined): number => Math.round(Number(amount) * 100)
