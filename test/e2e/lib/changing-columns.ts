import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { cartwright } from "./cli.ts"

/** A CSV without quotes, as the generator's users and order items are. */
interface Table {
  columns: string[]
  rows: string[][]
}

/** What the raw files of the first day hold, counted without the program. */
export interface RawFacts {
  users: number
  orderItems: number
  /** The sum of all sale prices, each in millionths. */
  salePrices: bigint
}

/** Files of a tiny theLook shop whose columns change from day to day, by their deliveries. */
export interface ChangingShop {
  raw: RawFacts
  /** The second day: users without `age`, with `channel` in the place of `traffic_source`, and with `loyalty`. */
  deliverSecond: () => void
  /** The third: users in another order of columns and with latitudes as text; order items with prices as text. */
  deliverThird: () => void
}

/** Generates the first day's files below a folder, in `date=20260701`. */
export async function changingShop(folder: string): Promise<ChangingShop> {
  const first = join(folder, "date=20260701")
  const generated = await cartwright(["generate", "--dir", first, "--scale", "0.0005"])
  if (generated.code !== 0) throw new Error(generated.stderr)
  const users = read(join(first, "users.csv"))
  const items = read(join(first, "order_items.csv"))
  const second = table(users, {
    ...Object.fromEntries(users.columns.filter((name) => !/^(?:age|traffic_source)$/.test(name)).map(same)),
    channel: (value) => value("traffic_source"),
    loyalty: (_, i) => ["gold", "silver"][i % 2] as string,
  })
  const price = items.columns.indexOf("sale_price")
  return {
    raw: {
      users: users.rows.length,
      orderItems: items.rows.length,
      salePrices: items.rows.reduce((sum, row) => sum + millionths(row[price] as string), 0n),
    },
    deliverSecond: () => write(folder, "20260702", "users.csv", second),
    deliverThird: () => {
      const reversed = Object.fromEntries([...second.columns].reverse().map(same))
      write(
        folder,
        "20260703",
        "users.csv",
        table(second, { ...reversed, latitude: (value) => `${value("latitude")} N` }),
      )
      const columns = Object.fromEntries(items.columns.map(same))
      write(
        folder,
        "20260703",
        "order_items.csv",
        table(items, { ...columns, sale_price: (value) => `USD ${value("sale_price")}` }),
      )
    },
  }
}

type Column = (value: (name: string) => string, i: number) => string

const same = (name: string): [string, Column] => [name, (value) => value(name)]

function table({ columns, rows }: Table, made: Record<string, Column>): Table {
  const makers = Object.values(made)
  return {
    columns: Object.keys(made),
    rows: rows.map((row, i) => {
      const value = (name: string) => row[columns.indexOf(name)] as string
      return makers.map((column) => column(value, i))
    }),
  }
}

function read(path: string): Table {
  const text = readFileSync(path, "utf8")
  if (text.includes('"')) throw new Error(`${path} has quotes, which this reader does not know`)
  const [columns = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","))
  return { columns, rows }
}

function write(folder: string, date: string, name: string, { columns, rows }: Table): void {
  const path = join(folder, `date=${date}`)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, name), [columns, ...rows].map((row) => `${row.join(",")}\n`).join(""))
}

/** A decimal text in millionths, rounded half away from zero. */
function millionths(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".")
  const digits = `${fraction}0000000`
  return BigInt(whole) * 1_000_000n + BigInt(digits.slice(0, 6)) + (Number(digits[6]) >= 5 ? 1n : 0n)
}
