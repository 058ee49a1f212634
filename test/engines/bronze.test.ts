import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, utimesSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { workshop } from "../../src/bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../../src/connectors/files/declaration.ts"
import { extractSource } from "../../src/pipeline/extract.ts"
import { loadLandings } from "../../src/pipeline/load.ts"
import { describeWith, pythonBin, sharedData } from "./lib/engines.ts"

const ORACLE = join(import.meta.dirname, "lib", "bronze_oracle.py")

interface Digest {
  header: string[]
  rows: number
  md5: string
}

describeWith(
  { python: pythonBin(), data: sharedData() },
  "bronze holds the real files",
  ({ python, data }) => {
    const oracle = (...args: string[]) =>
      JSON.parse(execFileSync(python, [ORACLE, ...args], { encoding: "utf8" }))
    const digestOf = (path: string, encoding: string): Digest => oracle("digest", path, encoding)

    /** A source over a folder, with steps that extract and load it. */
    async function source(path: string, datasets: Record<string, DatasetDeclaration>) {
      const shop = await workshop(join(mkdtempSync(join(tmpdir(), "cartwright-real-")), "warehouse.duckdb"))
      const declared = { name: "shop", files: { path, datasets } }
      return {
        ...shop,
        async run(asOf?: Date) {
          const { effects, warehouse } = shop
          const lake = await shop.lake()
          const extracted = await extractSource({ source: declared, lake, runId: "run", asOf, effects })
          const loaded = await loadLandings({ lake, warehouse, sources: [declared], effects })
          return { extracted, loaded }
        },
        /** The same hash as the oracle's, over the rows of the newest landing in order. */
        async digest(table: string, header: readonly string[]): Promise<Digest> {
          const fields = header
            .map((name) => `coalesce("${name.replaceAll('"', '""')}", '') || chr(31)`)
            .join(" || ")
          const [row] =
            await shop.rows(`select count(*) as rows, md5(string_agg(${fields} || chr(30), '' order by _row_number)) as md5
          from bronze.shop__${table}`)
          return { header: [...header], rows: Number(row?.["rows"]), md5: row?.["md5"] as string }
        },
      }
    }

    test("Online Retail, row for row; the second delivery is no news; 1 % changed rows append 1 %", async () => {
      const file = join(data, "online_retail", "data.csv.gz")
      const expected = digestOf(file, "latin-1")
      expect(expected.rows).toBe(541_909)
      const folder = mkdtempSync(join(tmpdir(), "cartwright-retail-"))
      copyFileSync(file, join(folder, "data.csv.gz"))
      const shop = await source(folder, { invoices: { files: "data.csv.gz" } })
      const first = await shop.run(new Date("2026-01-01"))
      expect(first.loaded).toMatchObject([
        { rowsRead: 541_909, rowsLoaded: 541_909, rowsUnchanged: 0, rowsRejected: 0 },
      ])
      const [landing] = await (await shop.lake()).landings()
      expect(landing?.files[0]).toMatchObject({ encoding: "iso-8859-1", compression: "gzip", delimiter: "," })
      expect(await shop.digest("invoices", expected.header)).toEqual(expected)
      expect(
        await shop.rows(`select count(*) as n from bronze.shop__invoices where contains("Description", '£')`),
      ).toEqual([{ n: 32n }])

      utimesSync(join(folder, "data.csv.gz"), new Date(), new Date())
      const again = await shop.run(new Date("2026-01-02"))
      expect(again.extracted).toMatchObject([
        { status: "unchanged", reason: "same content as before (sha256)" },
      ])
      expect(again.loaded).toEqual([])

      const { changed } = oracle("change", file, "latin-1", join(folder, "data.csv.gz"), "Quantity", "100")
      expect(changed).toBe(5_420)
      const third = await shop.run(new Date("2026-01-03"))
      // True duplicate lines: a changed line is one row more of its new content and one less of its old.
      const [{ loaded }] = [third]
      expect(loaded).toMatchObject([{ rowsRead: 541_909, kind: "full", rowsRejected: 0 }])
      expect(loaded[0]?.rowsLoaded).toBe(changed)
      expect(loaded[0]?.rowsDeleted).toBe(changed)
      expect(loaded[0]?.rowsUnchanged).toBe(541_909 - changed)
      await shop.close()
    })

    const CSV_FOLDERS = {
      first_rows_2025: [
        "users",
        "inventory_items",
        "order_items",
        "products",
        "events",
        "distribution_centers",
      ],
      subset_orders_2025: ["users", "orders", "order_items", "products", "distribution_centers"],
    }
    test.each(Object.entries(CSV_FOLDERS))("theLook %s, row for row", async (name, tables) => {
      const folder = join(data, "thelook", name)
      const datasets = Object.fromEntries(
        tables.map((table) => [
          table,
          { files: `${table}.csv.gz`, key: [table === "orders" ? "order_id" : "id"] },
        ]),
      )
      const shop = await source(folder, datasets)
      const { loaded } = await shop.run()
      for (const table of tables) {
        const expected = digestOf(join(folder, `${table}.csv.gz`), "utf-8")
        expect(await shop.digest(table, expected.header)).toEqual(expected)
        expect(loaded.find(({ dataset }) => dataset === table)).toMatchObject({
          rowsRead: expected.rows,
          rowsLoaded: expected.rows,
          rowsRejected: 0,
        })
      }
      expect((await shop.run()).extracted.map(({ status }) => status)).toEqual(tables.map(() => "unchanged"))
      await shop.close()
    })

    test("theLook full tables: Parquet with nanoseconds; 1 % changed orders append exactly those", async () => {
      const folder = mkdtempSync(join(tmpdir(), "cartwright-full-"))
      const files = { orders: "order_id", products: "id", distribution_centers: "id" }
      for (const table of Object.keys(files)) {
        copyFileSync(
          join(data, "thelook", "full_tables", `${table}.parquet`),
          join(folder, `${table}.parquet`),
        )
      }
      const shop = await source(
        folder,
        Object.fromEntries(
          Object.entries(files).map(([table, key]) => [table, { files: `${table}.parquet`, key: [key] }]),
        ),
      )
      const { loaded } = await shop.run(new Date("2026-01-01"))
      expect(loaded.map(({ dataset, rowsLoaded }) => [dataset, rowsLoaded])).toEqual([
        ["orders", 125_957],
        ["products", 29_120],
        ["distribution_centers", 10],
      ])
      // Python's engine casts the nanoseconds itself; text must agree to the microsecond.
      const sql = `select count(*), count(shipped_at), min(created_at)::timestamp::varchar, max(created_at)::timestamp::varchar,
      sum(epoch_us(created_at::timestamp))::varchar from read_parquet('${folder}/orders.parquet')`
      const raw = JSON.parse(
        execFileSync(
          python,
          ["-c", `import duckdb, json, sys; print(json.dumps(duckdb.sql(sys.argv[1]).fetchone()))`, sql],
          {
            encoding: "utf8",
          },
        ),
      )
      const bronze =
        await shop.session.result(`select count(*)::int, count(shipped_at)::int, min(created_at), max(created_at),
      sum(epoch_us(created_at::timestamp))::varchar from bronze.shop__orders`)
      expect(bronze.rows[0]).toEqual(raw)
      const change = `copy (select * replace (case when hash(order_id) % 100 = 0 then status || '!' else status end as status)
      from read_parquet('${data}/thelook/full_tables/orders.parquet')) to '${folder}/orders.parquet' (format parquet)`
      execFileSync(python, ["-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", change])
      const changed = await shop.rows(
        `select count(*) as n from read_parquet('${folder}/orders.parquet') where ends_with(status, '!')`,
      )
      const next = await shop.run(new Date("2026-01-02"))
      expect(next.extracted.map(({ status }) => status)).toEqual(["landed", "unchanged", "unchanged"])
      expect(next.loaded).toMatchObject([{ dataset: "orders", rowsRead: 125_957, rowsDeleted: 0 }])
      expect(BigInt(next.loaded[0]?.rowsLoaded as number)).toBe(changed[0]?.["n"])
      expect(
        await shop.rows(
          "select distinct _op, ends_with(status, '!') as c from bronze.shop__orders where _extracted_at > '2026-01-01'",
        ),
      ).toEqual([{ _op: "U", c: true }])
      await shop.close()
    })

    test("a large file full of line ends in quotes, read in parallel, is what Python reads", async () => {
      const folder = mkdtempSync(join(tmpdir(), "cartwright-tricky-"))
      oracle("tricky", join(folder, "tricky.csv"), "2000000")
      const expected = digestOf(join(folder, "tricky.csv"), "utf-8")
      const shop = await source(folder, { tricky: { files: "tricky.csv", key: ["id"] } })
      const { loaded } = await shop.run()
      expect(loaded).toMatchObject([{ rowsRead: 2_000_000, rowsRejected: 0 }])
      expect(await shop.digest("tricky", expected.header)).toEqual(expected)
      await shop.close()
    })
  },
)
