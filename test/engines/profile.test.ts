import { execFileSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { judgeTables } from "../../src/quality/profile/profile.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright, type Ended, resultOf } from "../e2e/lib/cli.ts"
import { describeWith, pythonBin, sharedData } from "./lib/engines.ts"

interface Column {
  name: string
  nulls: number
  distinct: number
  min: string | null
  max: string | null
  type: { name: string; fits: number; of: number }
  top: { value: string; rows: number }[]
  suspicious: { rule: string; rows: number }[]
  personal: { kind: string; values: number } | null
}
interface Table {
  name: string
  rows: number
  duplicates: { surplusRows: number; distinctRows: number }
  columns: Column[]
  verdict: { include: boolean; role: string }
  time: {
    from: string
    to: string
    daysWithRows: number
    quietWeekdays: number[]
    busiest: { rows: number }
  } | null
}
interface Profile {
  tables: Table[]
  references: {
    table: string
    column: string
    to: { table: string }
    rows: number
    orphans: number
    by: string
  }[]
}

const profileOf = async (path: string): Promise<Profile> => {
  const ended: Ended = await cartwright(["profile", path, "--json", "--quiet"])
  expect(ended.code, ended.stderr).toBe(0)
  return resultOf(ended) as unknown as Profile
}
const table = ({ tables }: Profile, name: string) => {
  const found = tables.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no table ${name}`)
  return found
}
const suspicious = (of: Table, column: string) =>
  Object.fromEntries(
    (of.columns.find(({ name }) => name === column)?.suspicious ?? []).map(({ rule, rows }) => [rule, rows]),
  )
const verdicts = ({ tables }: Profile) =>
  Object.fromEntries(tables.map(({ name, verdict }) => [name, verdict.include]))

/** Runs Python over the raw files; what it prints is JSON. */
const python = (bin: string, script: string, ...args: string[]) =>
  JSON.parse(execFileSync(bin, ["-c", script, ...args], { encoding: "utf8", maxBuffer: 1 << 26 })) as unknown

/** Per column of a CSV file: rows without a value, distinct values, by the csv module and nothing else. */
const COUNTS = `
import csv, gzip, json, sys
rows = list(csv.reader(gzip.open(sys.argv[1], "rt", encoding=sys.argv[2], newline="")))
head, rows = rows[0], rows[1:]
print(json.dumps({"rows": len(rows), "distinctRows": len(set(map(tuple, rows))),
  "columns": {name: [sum(r[i] == "" for r in rows), len({r[i] for r in rows} - {""})] for i, name in enumerate(head)}}))`

interface Counts {
  rows: number
  distinctRows: number
  columns: Record<string, [nulls: number, distinct: number]>
}
const countsOf = ({ rows, duplicates, columns }: Table): Counts => ({
  rows,
  distinctRows: duplicates.distinctRows,
  columns: Object.fromEntries(columns.map(({ name, nulls, distinct }) => [name, [nulls, distinct]])),
})

describeWith(
  { data: sharedData("online_retail", "data.csv.gz"), python: pythonBin() },
  "Online Retail",
  ({ data, python: bin }) => {
    let profile: Profile
    beforeAll(async () => {
      profile = await profileOf(data)
    })

    test("counts are those of the raw file", () => {
      expect(profile.tables).toHaveLength(1)
      expect(countsOf(profile.tables[0] as Table)).toEqual(python(bin, COUNTS, data, "latin-1"))
    })

    test("its traps are found, as often as they are there", () => {
      const expected = python(
        bin,
        `
import csv, gzip, json, sys, datetime
rows = list(csv.DictReader(gzip.open(sys.argv[1], "rt", encoding="latin-1", newline="")))
days = [datetime.datetime.strptime(r["InvoiceDate"], "%m/%d/%Y %H:%M").date() for r in rows]
per_day = {}
for d in days: per_day[d] = per_day.get(d, 0) + 1
print(json.dumps({
  "negative": sum(int(r["Quantity"]) < 0 for r in rows),
  "negative-price": sum(float(r["UnitPrice"]) < 0 for r in rows),
  "zero-price": sum(float(r["UnitPrice"]) == 0 for r in rows),
  "edge-blanks": sum(r["Description"] != r["Description"].strip() for r in rows),
  "from": str(min(days)), "to": str(max(days)), "days": len(per_day), "busiest": max(per_day.values()),
  "weekdays": sorted({d.isoweekday() for d in days})}))`,
        data,
      ) as Record<string, number | string | number[]>
      const invoices = profile.tables[0] as Table
      expect(suspicious(invoices, "Quantity")["negative"]).toBe(expected["negative"])
      expect(suspicious(invoices, "UnitPrice")).toMatchObject({
        "negative-price": expected["negative-price"],
        "zero-price": expected["zero-price"],
      })
      expect(suspicious(invoices, "Description")["edge-blanks"]).toBe(expected["edge-blanks"])
      expect(invoices.time).toMatchObject({
        from: expected["from"],
        to: expected["to"],
        daysWithRows: expected["days"],
        busiest: { rows: expected["busiest"] },
        quietWeekdays: [1, 2, 3, 4, 5, 6, 7].filter(
          (day) => !(expected["weekdays"] as number[]).includes(day),
        ),
      })
      const types = invoices.columns.map(({ name, type }) => `${name} ${type.name} ${type.fits === type.of}`)
      expect(types).toEqual([
        "InvoiceNo text true",
        "StockCode text true",
        "Description text true",
        "Quantity integer true",
        "InvoiceDate timestamp true",
        "UnitPrice decimal true",
        "CustomerID integer true",
        "Country text true",
      ])
      expect(invoices.columns.flatMap(({ personal }) => personal ?? [])).toEqual([])
      expect(verdicts(profile)).toEqual({ [invoices.name]: true })
    })
  },
)

const DUMPS = {
  subset_orders_2025: {
    users: true,
    products: true,
    orders: true,
    order_items: true,
    distribution_centers: false,
  },
  first_rows_2025: {
    users: true,
    products: true,
    order_items: true,
    events: true,
    distribution_centers: false,
    inventory_items: false,
  },
  full_tables: { orders: true, products: true, distribution_centers: false },
}

describeWith(
  { data: sharedData("thelook"), python: pythonBin() },
  "theLook, three dumps",
  ({ data, python: bin }) => {
    const profiles = new Map<string, Profile>()
    beforeAll(async () => {
      for (const dump of Object.keys(DUMPS)) profiles.set(dump, await profileOf(join(data, dump)))
    })
    const profile = (dump: string) => profiles.get(dump) as Profile

    test.each(Object.entries(DUMPS))("%s: what belongs into the shop", (dump, expected) => {
      expect(verdicts(profile(dump))).toEqual(expected)
    })

    test("the verdict does not depend on what the tables are called", async () => {
      for (const [dump, expected] of Object.entries(DUMPS)) {
        const warehouse = await openDuckDb({ path: ":memory:" })
        const session = await warehouse.session()
        const files = readdirSync(join(data, dump))
        const tables = []
        for (const [i, file] of files.entries()) {
          const path = join(data, dump, file)
          const read = file.endsWith("parquet")
            ? `read_parquet('${path}')`
            : `read_csv('${path}', all_varchar = true)`
          await session.run(`create table t${i} as select columns(*)::varchar from ${read}`)
          const { columns } = await session.result(`select * from t${i} limit 0`)
          const [{ n } = { n: 0n }] = await session.rows<{ n: bigint }>(`select count(*) as n from t${i}`)
          tables.push({ name: `t${i}`, table: `t${i}`, columns, rows: Number(n), partial: false })
        }
        const found = await judgeTables(session, tables, silentEffects())
        await warehouse.close()
        expect(
          Object.fromEntries(found.map(({ include }, i) => [files[i]?.split(".")[0], include])),
          dump,
        ).toEqual(expected)
      }
    })

    test.each(["subset_orders_2025", "first_rows_2025"])("%s: counts are those of the raw files", (dump) => {
      for (const each of profile(dump).tables) {
        expect(countsOf(each), each.name).toEqual(
          python(bin, COUNTS, join(data, dump, `${each.name}.csv.gz`), "utf-8"),
        )
      }
    })

    test("references and orphans are those that plain SQL finds", () => {
      const expected = python(
        bin,
        `
import duckdb, json, sys
c = duckdb.connect()
def orphans(child, column, parent, key):
    for t in (child, parent): c.execute(f"create or replace table {t} as select * from read_csv('{sys.argv[1]}/{t}.csv.gz', all_varchar=true)")
    return c.sql(f"select count({column}), count({column}) filter ({column} not in (select {key} from {parent})) from {child}").fetchone()
print(json.dumps({f"{a}.{b}": orphans(a, b, p, k) for a, b, p, k in [
  ("order_items", "user_id", "users", "id"), ("order_items", "product_id", "products", "id"),
  ("order_items", "inventory_item_id", "inventory_items", "id"), ("inventory_items", "product_id", "products", "id"),
  ("products", "distribution_center_id", "distribution_centers", "id"),
  ("inventory_items", "product_distribution_center_id", "distribution_centers", "id")]}))`,
        join(data, "first_rows_2025"),
      )
      const found = profile("first_rows_2025").references.map(
        ({ table, column, rows, orphans }) => [`${table}.${column}`, [rows, orphans]] as const,
      )
      expect(Object.fromEntries(found)).toEqual(expected)
    })

    test("personal data is found where it is, and no raw value is shown", () => {
      const users = table(profile("first_rows_2025"), "users")
      expect(
        users.columns.flatMap(({ name, personal }) =>
          personal === null ? [] : [`${name}: ${personal.kind}`],
        ),
      ).toEqual([
        "first_name: person's name",
        "last_name: person's name",
        "email: email address",
        "street_address: street address",
        "postal_code: postal code",
        "latitude: coordinates",
        "longitude: coordinates",
        "user_geom: coordinates",
      ])
      const raw = python(
        bin,
        `
import csv, gzip, json, sys
rows = list(csv.DictReader(gzip.open(sys.argv[1] + "/users.csv.gz", "rt", encoding="utf-8", newline="")))
events = list(csv.DictReader(gzip.open(sys.argv[1] + "/events.csv.gz", "rt", encoding="utf-8", newline="")))
print(json.dumps([r[c] for r in rows for c in ("email", "street_address", "user_geom", "latitude", "longitude")] + [e["ip_address"] for e in events]))`,
        join(data, "first_rows_2025"),
      ) as string[]
      const text = JSON.stringify(profile("first_rows_2025"))
      expect(raw.length).toBeGreaterThan(3000)
      for (const value of raw) expect(text.includes(value), value).toBe(false)
      const centers = table(profile("first_rows_2025"), "distribution_centers")
      expect(centers.columns.flatMap(({ personal }) => personal ?? [])).toEqual([])
    })
  },
)

describe("other data", () => {
  describeWith({ data: sharedData("ga4_sample") }, "GA4", ({ data }) => {
    test("nested columns and times are known for what they are, and it is kept", async () => {
      const profile = await profileOf(data)
      const [events] = profile.tables as [Table]
      expect(events).toMatchObject({ rows: 24_219, verdict: { include: true } })
      const types = Object.fromEntries(events.columns.map(({ name, type }) => [name, type.name]))
      expect(types).toMatchObject({
        event_date: "date",
        event_timestamp: "timestamp",
        event_params: "json",
        user_id: "nothing",
        platform: "text",
      })
      expect(events.time).toMatchObject({ from: "2020-11-01", to: "2021-01-31", daysWithRows: 92 })
    })
  })
  describeWith(
    { data: sharedData("instagram"), airbyte: sharedData("airbyte_catalog") },
    "connectors' tables",
    (found) => {
      test("nothing of it is left out", async () => {
        for (const folder of [found.data, found.airbyte])
          expect(Object.values(verdicts(await profileOf(folder)))).not.toContain(false)
      })
    },
  )
})
