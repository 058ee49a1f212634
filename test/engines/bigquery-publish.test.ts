import { mkdtempSync, readdirSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { publishViews, type PublishViewsOptions } from "../../src/publish/bigquery/publish-views.ts"
import { bringVersion } from "../../src/publish/bring-version.ts"
import { currentVersion } from "../../src/publish/version.ts"
import { gcsStorage } from "../../src/storage/gcs/gcs-storage.ts"
import type { Storage } from "../../src/storage/storage.ts"
import { type BigQueryWarehouse, openBigQuery } from "../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { type BigQueryEmulator, startBigQueryEmulator } from "./lib/bigquery-emulator.ts"
import { columns } from "./lib/bigquery-shop.ts"
import { bigQueryEmulatorBin, describeWith, fakeGcsBin, googleSqlFolder } from "./lib/engines.ts"
import { type FakeGcs, startFakeGcs } from "./lib/fake-gcs.ts"
import { type Catalog, type GoogleSql, startGoogleSql } from "./lib/googlesql.ts"

const PROJECT = "shop-project"

/** A shop's working tables and what its readers see, each in datasets of its own. */
class PublishedShop {
  readonly gold: string
  readonly readers: string
  readonly meta: string
  readonly #warehouse: BigQueryWarehouse
  #day = 0

  constructor(warehouse: BigQueryWarehouse, n: number) {
    this.#warehouse = warehouse
    this.gold = `gold_${n}`
    this.readers = `published_${n}`
    this.meta = `meta_${n}`
  }

  async build(sql: string): Promise<void> {
    await this.#warehouse.ensureDataset(this.gold)
    await this.run(sql.replaceAll("gold.", `${this.gold}.`))
  }

  async run(sql: string): Promise<void> {
    const session = await this.#warehouse.session()
    await session.run(sql)
    session.close()
  }

  /** The rows of a query over the readers' views, as `published.<name>`. */
  async read(sql: string): Promise<unknown[]> {
    const session = await this.#warehouse.session()
    try {
      return await session.rows(
        sql.replaceAll("published.", `${this.readers}.`).replaceAll("meta.", `${this.meta}.`),
      )
    } finally {
      session.close()
    }
  }

  async relations(): Promise<string[]> {
    const rows = await this.read(
      "select table_name as name from published.INFORMATION_SCHEMA.TABLES order by table_name",
    )
    return (rows as { name: string }[]).map(({ name }) => name)
  }

  publish(tables: readonly string[], more: Partial<PublishViewsOptions> = {}) {
    return publishViews({
      warehouse: this.#warehouse,
      tables: tables.map((table) => `${this.gold}.${table}`),
      builtAt: new Date(Date.UTC(2026, 10, 1 + this.#day, 8)),
      dataset: this.readers,
      metaDataset: this.meta,
      runId: "run",
      keep: 2,
      effects: silentEffects({ now: () => new Date("2026-11-21T08:00:00Z") }),
      ...more,
    })
  }

  nextDay(): void {
    this.#day++
  }
}

/** A warehouse that is gone at its n-th statement: before it, or after the service has carried it out. */
function dying(warehouse: BigQueryWarehouse, n: number, carriedOut: boolean): BigQueryWarehouse {
  let statements = 0
  return {
    ...warehouse,
    async session(step) {
      const session = await warehouse.session(step)
      const last = async <T>(work: () => Promise<T>): Promise<T> => {
        if (++statements < n) return work()
        if (carriedOut) await work()
        throw new Error("killed")
      }
      return {
        run: (sql, parameters) => last(() => session.run(sql, parameters)),
        runOnce: (key, sql) => session.runOnce(key, sql),
        rows: (sql, parameters) => last(() => session.rows(sql, parameters)),
        result: (sql) => session.result(sql),
        columns: (dataset, table) => session.columns(dataset, table),
        transaction: (work) => session.transaction(work),
        close: () => session.close(),
      }
    },
  }
}

describeWith(
  { emulator: bigQueryEmulatorBin(), gcs: fakeGcsBin(), googlesql: googleSqlFolder() },
  "publishing in BigQuery, emulated",
  ({ emulator: bin, gcs: gcsBin, googlesql }) => {
    let emulator: BigQueryEmulator
    let gcs: FakeGcs
    let analyzer: GoogleSql
    let warehouse: BigQueryWarehouse
    let buckets: string
    let shops = 0

    beforeAll(async () => {
      buckets = mkdtempSync(join(tmpdir(), "cartwright-buckets-"))
      gcs = await startFakeGcs(gcsBin, buckets)
      await gcs.createBucket("my-bucket")
      emulator = await startBigQueryEmulator(bin, PROJECT, buckets, gcs.adopt)
      analyzer = await startGoogleSql(googlesql)
      warehouse = await openBigQuery({
        project: PROJECT,
        location: "EU",
        shop: "toys",
        run: "run-1",
        endpoint: emulator.url,
        credentials: { accessToken: "made-up" },
      })
    })
    afterAll(async () => {
      await warehouse.close()
      analyzer.stop()
      await emulator.stop()
      await gcs.stop()
    })

    const bucket = (prefix: string) => gcsStorage({ uri: `gs://my-bucket/${prefix}`, endpoint: gcs.endpoint })
    const names = async (store: Pick<Storage, "list">) => {
      const keys: string[] = []
      for await (const { key } of store.list("")) keys.push(key)
      return keys
    }

    const BUILD = `create or replace table gold.fact_sales as select 1 as sale, 10 as amount, 7 as _cut;
      create or replace table gold.dim_dates as select 20260101 as date_key;
      create or replace view gold.sales_per_day as select sum(amount) as amount from gold.fact_sales`
    const TABLES = ["fact_sales", "dim_dates", "sales_per_day"]

    async function builtShop(): Promise<PublishedShop> {
      const shop = new PublishedShop(warehouse, ++shops)
      for (const statement of BUILD.split(";")) await shop.build(statement.trim())
      return shop
    }

    test("readers see the tables without what stays in the warehouse, and only what changed is cloned", async () => {
      const shop = await builtShop()
      const first = await shop.publish(TABLES)
      expect(first).toMatchObject({
        version: "0001-20261101T080000Z",
        unchanged: false,
        written: 3,
        linked: 0,
      })
      expect(await shop.read("select * from published.fact_sales")).toEqual([{ sale: 1n, amount: 10n }])

      await shop.build("insert into gold.fact_sales values (2, 5, 8)")
      // Readers go on seeing the version.
      expect(await shop.read("select sum(amount) as amount from published.fact_sales")).toEqual([
        { amount: 10n },
      ])
      shop.nextDay()
      const second = await shop.publish(TABLES)
      expect(second).toMatchObject({ version: "0002-20261102T080000Z", written: 2, linked: 1 })
      expect(await shop.read("select amount from published.sales_per_day")).toEqual([{ amount: 15n }])
      expect(await shop.relations()).toEqual([
        "dim_dates",
        "dim_dates__0001_20261101T080000Z",
        "fact_sales",
        "fact_sales__0001_20261101T080000Z",
        "fact_sales__0002_20261102T080000Z",
        "sales_per_day",
        "sales_per_day__0001_20261101T080000Z",
        "sales_per_day__0002_20261102T080000Z",
      ])
      expect(await shop.read("select version from meta.published order by version")).toEqual([
        { version: first.version },
        { version: second.version },
      ])
    })

    test("where nothing changed no version is made; old ones go, and with a table its view", async () => {
      const shop = await builtShop()
      await shop.publish(TABLES)
      shop.nextDay()
      expect(await shop.publish(TABLES)).toMatchObject({
        version: "0001-20261101T080000Z",
        unchanged: true,
        written: 0,
      })
      for (const amount of [20, 30]) {
        shop.nextDay()
        await shop.build(`insert into gold.fact_sales values (1, ${amount}, 9)`)
        await shop.publish(["fact_sales", "dim_dates"])
      }
      expect(await shop.relations()).toEqual([
        "dim_dates",
        "dim_dates__0001_20261101T080000Z",
        "fact_sales",
        "fact_sales__0002_20261103T080000Z",
        "fact_sales__0003_20261104T080000Z",
      ])
    })

    test("a clone or a view that somebody removed is made again", async () => {
      const shop = await builtShop()
      await shop.publish(TABLES)
      await shop.run(`drop table ${shop.readers}.dim_dates__0001_20261101T080000Z`)
      shop.nextDay()
      expect(await shop.publish(TABLES)).toMatchObject({ unchanged: false, linked: 1 })
      expect(await shop.read("select * from published.dim_dates")).toEqual([{ date_key: 20260101n }])
      await shop.run(`drop view ${shop.readers}.fact_sales`)
      shop.nextDay()
      expect(await shop.publish(TABLES)).toMatchObject({ unchanged: false, written: 0 })
      expect(await shop.read("select * from published.fact_sales")).toEqual([{ sale: 1n, amount: 10n }])
    })

    test("killed at any statement and made again is as never killed; before the views, readers see what they saw", async () => {
      const never = await builtShop()
      await never.publish(TABLES)
      never.nextDay()
      await never.build("insert into gold.fact_sales values (2, 5, 8)")
      await never.publish(TABLES)
      const wanted = {
        relations: await never.relations(),
        rows: await never.read("select * from published.fact_sales order by sale"),
      }
      for (const carriedOut of [false, true]) {
        for (let n = 1; ; n++) {
          const shop = await builtShop()
          await shop.publish(TABLES)
          shop.nextDay()
          await shop.build("insert into gold.fact_sales values (2, 5, 8)")
          const killed = await shop.publish(TABLES, { warehouse: dying(warehouse, n, carriedOut) }).then(
            () => false,
            (error: Error) => error.message === "killed",
          )
          if (!killed) {
            expect(n).toBeGreaterThan(6)
            break
          }
          const seen = await shop.read("select sum(amount) as amount from published.fact_sales")
          expect([{ amount: 10n }, { amount: 15n }]).toContainEqual(seen[0])
          await shop.publish(TABLES)
          expect(await shop.relations()).toEqual(wanted.relations)
          expect(await shop.read("select * from published.fact_sales order by sale")).toEqual(wanted.rows)
        }
      }
    })

    test("versions go to a bucket as Parquet, and from there to where questions are answered: what changed, and only that", async () => {
      const shop = await builtShop()
      const exportTo = await bucket("published")
      const folder = mkdtempSync(join(tmpdir(), "cartwright-brought-"))
      const bring = () => bringVersion(exportTo, folder, { keep: 2, now: new Date() })
      const answer = async (sql: string) => {
        const version = await currentVersion(folder)
        const duckdb = await openDuckDb({ path: ":memory:" })
        const session = await duckdb.session()
        for (const table of Object.keys(version?.tables ?? {}))
          await session.run(
            `create view ${table} as from read_parquet('${join(folder, version?.version ?? "", table, "**", "*.parquet")}')`,
          )
        const rows = await session.rows(sql)
        await duckdb.close()
        return rows
      }
      await bring()
      expect(await currentVersion(folder)).toBeUndefined()

      await shop.build(
        "create or replace table gold.dim_dates as select 20260101 as date_key, timestamp '2026-01-01 23:30:00.000006' as at, parse_numeric('12345678.123456') as money, _at as _at from (select 1 as _at)",
      )
      const first = await shop.publish(TABLES, { exportTo })
      const exported = join(buckets, "my-bucket", "published", first.version)
      expect(readdirSync(exported).sort()).toEqual(["dim_dates", "fact_sales", "sales_per_day"])
      expect(readdirSync(join(exported, "fact_sales"))).toEqual([
        expect.stringMatching(/^part-\d+\.parquet$/),
      ])
      await bring()
      expect(await answer("select * from dim_dates")).toEqual([
        {
          date_key: 20260101,
          at: "2026-01-01 23:30:00.000006",
          money: expect.stringMatching(/^12345678\.1234560*$/),
        },
      ])
      expect(await currentVersion(folder)).toMatchObject({
        version: first.version,
        runId: "run",
        tables: { fact_sales: { rows: 1 }, dim_dates: { rows: 1 }, sales_per_day: { rows: 1 } },
      })

      shop.nextDay()
      await shop.build("insert into gold.fact_sales values (2, 5, 8)")
      const second = await shop.publish(TABLES, { exportTo })
      await Promise.all([bring(), bring()])
      expect(
        await answer("select sale::int as sale, amount::int as amount from fact_sales order by 1"),
      ).toEqual([
        { sale: 1, amount: 10 },
        { sale: 2, amount: 5 },
      ])
      const inode = (version: string, table: string) =>
        statSync(join(folder, version, table, "data.parquet")).ino
      expect(inode(second.version, "dim_dates")).toBe(inode(first.version, "dim_dates"))
      expect(inode(second.version, "fact_sales")).not.toBe(inode(first.version, "fact_sales"))

      // A version that was published before anybody wanted it in this bucket; and what is older than the last two goes.
      const another = await bucket("others")
      expect(await shop.publish(TABLES, { exportTo: another })).toMatchObject({ unchanged: true })
      expect(await names(another)).toContain(`versions/${second.version}.json`)
      shop.nextDay()
      await shop.build("insert into gold.fact_sales values (3, 7, 9)")
      const third = await shop.publish(TABLES, { exportTo })
      await bring()
      const kept = [second.version, third.version]
      expect([...new Set((await names(exportTo)).map((key) => key.split("/")[0] ?? ""))].sort()).toEqual([
        ...kept,
        "versions",
      ])
      expect(readdirSync(folder).sort()).toEqual([...kept, "current"])
    })

    test("the number of jobs does not grow with the tables, and every statement is GoogleSQL", async () => {
      const shop = await builtShop()
      const before = emulator.jobs.length
      await shop.publish(TABLES.slice(0, 1), { exportTo: await bucket("few") })
      const few = emulator.jobs.length - before
      shop.nextDay()
      await shop.build("insert into gold.fact_sales values (2, 5, 8)")
      const middle = emulator.jobs.length
      await shop.publish(TABLES, { exportTo: await bucket("many") })
      const jobs = emulator.jobs.slice(middle)
      expect(jobs.length).toBe(few)
      const statements = jobs.flatMap(({ configuration }) => {
        const { query } = configuration["query"] as { query: string }
        return query.split(";\n").map((statement) => statement.replace(/;$/, ""))
      })
      expect(statements.length).toBeGreaterThan(12)
      const catalog = catalogOf(shop)
      for (const statement of statements) await analyzer.analyze(analyzable(statement), PROJECT, catalog)
    })

    /** The analyzer's catalog has no INFORMATION_SCHEMA within datasets, and it is not told the types of parameters. */
    function analyzable(statement: string): string {
      return statement
        .replaceAll("INFORMATION_SCHEMA.", "INFORMATION_SCHEMA_")
        .replaceAll("?", "'2026-01-01'")
    }

    /** What the statements of a publication name. */
    function catalogOf({ gold, readers, meta }: PublishedShop): Catalog {
      const listing = columns({
        table_id: "STRING",
        type: "INT64",
        last_modified_time: "INT64",
        row_count: "INT64",
        size_bytes: "INT64",
      })
      const schema = columns({
        table_schema: "STRING",
        table_name: "STRING",
        column_name: "STRING",
        table_type: "STRING",
      })
      const sales = columns({ sale: "INT64", amount: "INT64", _cut: "INT64" })
      const dates = columns({ date_key: "INT64" })
      const perDay = columns({ amount: "INT64" })
      return new Map([
        [
          gold,
          new Map([
            ["__TABLES__", listing],
            ["INFORMATION_SCHEMA_COLUMNS", schema],
            ["fact_sales", sales],
            ["dim_dates", dates],
            ["sales_per_day", perDay],
          ]),
        ],
        [
          readers,
          new Map([
            ["INFORMATION_SCHEMA_TABLES", schema],
            ...[1, 2].flatMap((n): [string, typeof sales][] => {
              const version = `000${n}_2026110${n}T080000Z`
              return [
                [`fact_sales__${version}`, sales],
                [`dim_dates__${version}`, dates],
                [`sales_per_day__${version}`, perDay],
              ]
            }),
          ]),
        ],
        [
          meta,
          new Map([
            [
              "published",
              columns({ version: "STRING", run_id: "STRING", published_at: "TIMESTAMP", tables: "STRING" }),
            ],
          ]),
        ],
      ])
    }
  },
)
