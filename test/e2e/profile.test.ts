import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { cartwright, type Ended, resultOf, temporaryFolder } from "./lib/cli.ts"

interface Table {
  name: string
  rows: number
  keys: string[][]
  columns: { name: string; nulls: number; distinct: number; type: { name: string } }[]
  rejected: { rows: number; reasons: { reason: string; firstLine: string }[] }
  origin: {
    format: string
    compression: string
    encoding: string
    deliveries: { found: number; read: string }
  }
  verdict: { include: boolean; role: string; why: string[] }
}

const tablesOf = (ended: Ended) => resultOf(ended)["tables"] as Table[]

function folderOf(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** A small shop: 4 customers, 3 products, 6 orders of which one names a customer who is not there. */
const SHOP = {
  "customers.csv":
    "id,email,name\n1,ana.silva@example.org,Ana Silva\n2,bob@example.org,Bob Stone\n3,eve@example.org,Eve Ray\n4,,\n",
  "products.csv": "sku,title,price\nA-1,Hat,9.99\nB-2,Coat,89.00\nC-3,Sock,-2.50\n",
  "orders.csv": `order_id,customer_id,sku,created_at\n${[
    "100,1,A-1,2026-01-01",
    "101,1,B-2,2026-01-02",
    "102,2,A-1,2026-01-05",
    "103,3,C-3,2026-01-05",
    "104,9,A-1,2026-01-06",
    "104,9,A-1,2026-01-06",
  ].join("\n")}\n`,
}

describe("cartwright profile", () => {
  test("tells a person on 100 columns what the files hold, without a personal value", async () => {
    const folder = folderOf(SHOP)
    const page = join(folder, "..", "profile.html")
    const ended = await cartwright(["profile", folder, "--html", page])
    expect(ended.code, ended.stderr).toBe(0)
    for (const line of ended.stdout.split("\n").slice(1)) expect(line.length, line).toBeLessThanOrEqual(100)
    expect(ended.stdout).toMatch(
      /orders\.customer_id → customers\.id\n +by name only: 2 of 6 rows \(33 %\) find nothing there, for example 9/,
    )
    expect(ended.stdout).toContain("6 rows, 1 repeats another row exactly")
    expect(ended.stdout).toContain("order_id tells the rows apart")
    expect(ended.stdout).toMatch(
      /created_at, 2026-01-01 to 2026-01-06; rows on 4 of 6 days; 1 gap, the longest 2 days from\s+2026-01-03/,
    )
    expect(ended.stdout).toMatch(/price +1 × amounts below zero, e\.g\. "-2\.50"/)
    expect(ended.stdout).toMatch(/customers +email \(email address\), name \(person's name\)/)
    const html = readFileSync(page, "utf8")
    expect(html).toContain("<!doctype html>")
    for (const output of [ended.stdout, ended.stderr, html])
      expect(output).not.toMatch(/silva|stone|bob@|eve@/i)
  })

  test("--json has one document with the whole profile, of a shape that stays", async () => {
    const ended = await cartwright(["profile", folderOf(SHOP), "--json", "--quiet"])
    const result = resultOf(ended)
    const steady = JSON.parse(
      JSON.stringify(result, (key, value: unknown) =>
        key === "profiledAt" || key === "subject" ? "…" : value,
      ),
    ) as unknown
    await expect(`${JSON.stringify(steady, null, 2)}\n`).toMatchFileSnapshot("../golden/profile.json")
    expect(JSON.stringify(result)).not.toMatch(/silva|stone|bob@|eve@/i)
  })

  test("reads every format as load does, and leaves aside the same broken records", async () => {
    const wide = Array.from({ length: 300 }, (_, i) => `c${i}`)
    const ended = await cartwright([
      "profile",
      folderOf({
        "latin.csv": Buffer.from("Nr;Ort\n1;Köln\n2;Düren\n3;Bonn\n", "latin1"),
        "broken.csv": "id,name\n1,a\n2,b,surplus\n3,c\n",
        "nested.ndjson.gz": gzipSync(
          '{"id": 1, "tags": ["a"], "at": {"x": null}}\n{"id": 2, "tags": [], "note": ""}\n',
        ),
        "list.json": '[{"id": 1}, {"id": 2}, {"id": null}]',
        "one.csv": "only\nx\ny\n",
        "header.csv": "a,b\n",
        "wide.csv": `${wide.join()}\n${wide.map((_, i) => i).join()}\n`,
        "it's; drop table.csv": 'id,"a ""b"" <c>"\n1,2\n2,3\n',
      }),
      "--json",
    ])
    expect(ended.code, ended.stderr).toBe(0)
    const tables = new Map(tablesOf(ended).map((table) => [table.name, table]))
    expect(tables.get("latin")).toMatchObject({ rows: 3, origin: { encoding: "iso-8859-1" } })
    expect(tables.get("broken")).toMatchObject({
      rows: 2,
      rejected: {
        rows: 1,
        reasons: [{ reason: "3 fields where 2 are expected", firstLine: "broken.csv:3" }],
      },
    })
    expect(tables.get("nested")).toMatchObject({ rows: 2, origin: { format: "ndjson", compression: "gzip" } })
    expect(tables.get("nested")?.columns.map(({ name, nulls, type }) => [name, nulls, type.name])).toEqual([
      ["id", 0, "integer"],
      ["tags", 0, "json"],
      ["at", 1, "json"],
      ["note", 2, "nothing"],
    ])
    expect(tables.get("list")).toMatchObject({ rows: 3, columns: [{ nulls: 1, distinct: 2 }] })
    expect(tables.get("one")).toMatchObject({ rows: 2, columns: [{ distinct: 2 }] })
    expect(tables.get("header")).toMatchObject({
      rows: 0,
      columns: [{ distinct: 0 }, { distinct: 0 }],
      verdict: { role: "empty" },
    })
    expect(tables.get("wide")?.columns).toHaveLength(300)
    expect(tables.get("it_s_drop_table")?.columns[1]?.name).toBe('a "b" <c>')
  })

  test("names what cannot be read, and goes on with the rest", async () => {
    const folder = folderOf({
      "good.csv": "a,b\n1,2\n",
      "empty.csv": "",
      "garbage.csv": Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 37) % 256)),
      "cut.csv.gz": gzipSync("a,b\n1,2\n".repeat(1000)).subarray(0, 40),
    })
    const ended = await cartwright(["profile", folder, "--json"])
    expect(ended.code, ended.stderr).toBe(0)
    expect(tablesOf(ended).map(({ name }) => name)).toEqual(["good"])
    const unusable = resultOf(ended)["unusable"] as { file: string; problem: string }[]
    expect(unusable.map(({ problem }) => problem)).toEqual([
      expect.stringContaining("truncated"),
      "the file is empty",
      "the file is binary, not text",
    ])
  })

  test.each([
    [["profile", "nowhere"], "there is no file or folder nowhere"],
    [["profile", "*.nothing"], "no file matches *.nothing"],
    [["profile", "empty.csv"], "there is no table that can be read"],
    [["profile"], "there is no shop here"],
  ])("%j is told what is wrong", async (args, offence) => {
    const ended = await cartwright(args, { cwd: folderOf({ "empty.csv": "" }) })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(offence)
  })

  test("of several deliveries the newest full one is read, and all of those that only add", async () => {
    const rows = (from: number, to: number) =>
      `id,v\n${Array.from({ length: to - from + 1 }, (_, i) => `${from + i},x`).join("\n")}\n`
    const ended = await cartwright([
      "profile",
      folderOf({
        "date=20260101/full.csv": rows(1, 50),
        "date=20260102/full.csv": rows(1, 60),
        "date=20260101/added.csv": rows(1, 50),
        "date=20260102/added.csv": rows(51, 55),
      }),
      "--json",
    ])
    expect(tablesOf(ended).map(({ name, rows, origin }) => [name, rows, origin.deliveries])).toEqual([
      ["added", 55, { found: 2, read: "all" }],
      ["full", 60, { found: 2, read: "newest" }],
    ])
  })
})

describe("the verdict decides what init takes in", () => {
  const files = temporaryFolder()
  const shop = join(files, "..", `${files.split("/").pop()}-shop`)

  test("whatever the files are called", async () => {
    const made = await cartwright(["generate", "--dir", files, "--scale", "0.002", "--seed", "7"])
    expect(made.code, made.stderr).toBe(0)
    const { renameSync } = await import("node:fs")
    for (const [i, name] of ["distribution_centers", "inventory_items", "products", "users"].entries())
      renameSync(join(files, `${name}.csv`), join(files, `export ${"abcd"[i]}.csv`))
    const ended = await cartwright(["init", files, "--dir", shop])
    expect(ended.code, ended.stderr).toBe(0)
    const config = readFileSync(join(shop, "cartwright.yaml"), "utf8")
    expect(config).toMatch(
      /distribution_centers:\n +# Left out: It lists 10 places(?:.*\n +#)*.*\n +include: false/,
    )
    expect(config).toMatch(
      /inventory_items:\n +# Left out: It repeats 8 columns of products(?:.*\n +#)*.*\n +include: false/,
    )
    expect(config.match(/include: false/g)).toHaveLength(2)
  })

  test("and a shop's sources are profiled as they are declared, those left out too", async () => {
    const ended = await cartwright(["profile", "--json", "--dir", shop])
    expect(ended.code, ended.stderr).toBe(0)
    expect(tablesOf(ended).map(({ name, verdict }) => [name, verdict.include])).toEqual([
      ["users", true],
      ["products", true],
      ["orders", true],
      ["order_items", true],
      ["events", true],
      ["distribution_centers", false],
      ["inventory_items", false],
    ])
    const one = await cartwright(["profile", "thelook.orders", "--json"], { cwd: shop })
    expect(tablesOf(one).map(({ name }) => name)).toEqual(["orders"])
    const misspelt = await cartwright(["profile", "thelok.orders"], { cwd: shop })
    expect(misspelt.stderr).toContain("did you mean thelook.orders?")
  })
})

test("of an invented shop's planted defects, those that a profile can see are counted as they were planted", async () => {
  const files = temporaryFolder()
  const made = await cartwright(["generate", "--dir", files, "--scale", "0.004", "--seed", "11", "--dirt"])
  expect(made.code, made.stderr).toBe(0)
  const planted = readFileSync(join(files, ".truth", "dirt.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { table: string; kind: string })
  const ended = await cartwright(["profile", files, "--json", "--quiet"])
  expect(ended.code, ended.stderr).toBe(0)
  const { tables, references } = resultOf(ended) as unknown as ProfiledShop
  for (const { name, rejected, duplicates, nearlyKeys, columns } of tables) {
    const times = (...kinds: string[]) =>
      planted.filter(({ table, kind }) => table === name && kinds.includes(kind)).length
    const suspicious = (rule: string) =>
      columns
        .flatMap((column) => column.suspicious)
        .reduce((sum, each) => sum + (each.rule === rule ? each.rows : 0), 0)
    const seen = {
      broken: rejected.rows,
      repeatedRows: duplicates.surplusRows,
      repeatedKeys: nearlyKeys[0]?.repeated ?? 0,
      missingKeys: nearlyKeys[0]?.missing ?? 0,
      unreadable: suspicious("unreadable"),
      future: suspicious("future-date"),
      negative: suspicious("negative-price"),
    }
    expect(seen, name).toEqual({
      broken: times("wrongFieldCount", "invalidBytes"),
      repeatedRows: times("exactDuplicate"),
      repeatedKeys: times("changedDuplicate"),
      missingKeys: times("nullKey"),
      unreadable: times("badDate"),
      future: times("futureDate"),
      negative: times("negativePrice"),
    })
    // Rows also lose what they refer to where that row is broken or has lost its key.
    const orphans = references.reduce((sum, each) => sum + (each.table === name ? each.orphans : 0), 0)
    expect(orphans).toBeGreaterThanOrEqual(times("orphan"))
  }
})

interface ProfiledShop {
  tables: {
    name: string
    rejected: { rows: number }
    duplicates: { surplusRows: number }
    nearlyKeys: { missing: number; repeated: number }[]
    columns: { suspicious: { rule: string; rows: number }[] }[]
  }[]
  references: { table: string; orphans: number }[]
}
