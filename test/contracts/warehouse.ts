import { describe, expect, test } from "vitest"
import { columnList, type ColumnKind, rowsFromJson, tablesIn } from "../../src/warehouse/dialect.ts"
import type { Warehouse } from "../../src/warehouse/warehouse.ts"

/** An engine, with what its SQL calls otherwise. */
export interface ContractEngine {
  /** A warehouse, of which the schema named is there and empty of tables whose names begin with `contract_`. */
  open: () => Promise<{ warehouse: Warehouse; schema: string }>
  /** SQL of a struct with the fields a (a 64-bit 1) and b (the text x). */
  struct: string
  /** SQL of a table of the integers from 1 to n, in the column i. */
  series: (n: number) => string
}

/**
 * What every warehouse must do, in SQL that all engines read. Each implementation's test calls this, and adds only what is special
 * to it.
 */
export function warehouseContract({ open, struct, series }: ContractEngine): void {
  const opened = async () => {
    const { warehouse, schema } = await open()
    const session = await warehouse.session()
    const table = (name: string) =>
      [warehouse.catalog, schema, `contract_${name}`].map((part) => warehouse.quote(part)).join(".")
    return { warehouse, session, schema, table }
  }

  describe("as every warehouse", () => {
    test("gives values in their forms", async () => {
      const { warehouse, session } = await opened()
      const [row] = await session.rows<{ m: string }>(
        `select cast(1152921504606846975 as bigint) as k, cast('12.345' as decimal) as m, true as b, 'ü "' as s,
          cast(null as date) as n, date '2026-01-02' as d, timestamp '2026-01-02 03:04:05.000006' as t,
          timestamp '1969-12-31 23:59:59.5' as u, timestamp '2026-01-02 03:04:05' as v,
          [cast(1 as bigint), cast(2 as bigint)] as l, ${struct} as r`,
      )
      expect({ ...row, m: row?.m.replace(/0+$/, "") }).toEqual({
        k: 1152921504606846975n,
        m: "12.345",
        b: true,
        s: 'ü "',
        n: null,
        d: "2026-01-02",
        t: "2026-01-02 03:04:05.000006",
        u: "1969-12-31 23:59:59.5",
        v: "2026-01-02 03:04:05",
        l: [1n, 2n],
        r: { a: 1n, b: "x" },
      })
      await warehouse.close()
    })

    test("takes rows as JSON, and knows tables from views", async () => {
      const { warehouse, session, schema, table } = await opened()
      const columns: Record<string, ColumnKind> = {
        name: "string",
        seq: "bigint",
        share: "number",
        seen_at: "timestamp",
        is_open: "bool",
      }
      const rows = [
        {
          name: 'it\'s \\ "ü"\n',
          seq: 9007199254740991,
          share: 0.25,
          seen_at: "2026-01-02T03:04:05.006Z",
          is_open: true,
        },
        { name: null, seq: null, share: null, seen_at: null, is_open: null },
      ]
      await session.run(`create or replace table ${table("rows")} (${columnList(warehouse, columns)})`)
      await session.run(`create or replace view ${table("view")} as select name from ${table("rows")}`)
      const inserted = `insert into ${table("rows")} (${Object.keys(columns).join(", ")}) ${rowsFromJson(warehouse, columns)}`
      await session.run(inserted, [JSON.stringify(rows)])
      expect(await session.rows(`select * from ${table("rows")} order by seq is null`)).toEqual([
        { ...rows[0], seq: 9007199254740991n, seen_at: "2026-01-02 03:04:05.006" },
        rows[1],
      ])
      expect(await tablesIn(session, warehouse, schema)).toEqual(
        expect.arrayContaining([
          { name: "contract_rows", isView: false },
          { name: "contract_view", isView: true },
        ]),
      )
      await warehouse.close()
    })

    test("takes parameters in their order, whatever they hold", async () => {
      const { warehouse, session } = await opened()
      const big = 9_007_199_254_740_993n
      const rows = await session.rows(
        `select ? as text, cast(? as bigint) - 1 as big, ? + 0.25 as fraction, ? as truth, cast(? as date) as nothing`,
        ['it\'s "ü" -- ? \\', big, 1.5, true, null],
      )
      expect(rows).toEqual([
        { text: 'it\'s "ü" -- ? \\', big: big - 1n, fraction: 1.75, truth: true, nothing: null },
      ])
      await warehouse.close()
    })

    test("names columns and types also where there are no rows", async () => {
      const { warehouse, session } = await opened()
      const { columns, types, rows } = await session.result(
        `select i as ${warehouse.quote("select")}, i + 1 as b from (${series(3)}) as s where i > 3`,
      )
      expect(columns).toEqual(["select", "b"])
      expect(types).toHaveLength(2)
      expect(rows).toEqual([])
      await warehouse.close()
    })

    test("gives all rows of a result that has many", async () => {
      const { warehouse, session } = await opened()
      const { rows } = await session.result(`select i from (${series(60_000)}) as s order by i`)
      expect(rows).toHaveLength(60_000)
      expect([rows[0], rows[49_999], rows[50_000], rows[59_999]].map((row) => Number(row?.[0]))).toEqual([
        1, 50_000, 50_001, 60_000,
      ])
      await warehouse.close()
    })

    test("names the columns of a stored table in their order, and knows where there is no table", async () => {
      const { warehouse, session, table, schema } = await opened()
      await session.run(`create table ${table("named")} (b string, a bigint, _seq bigint)`)
      await session.run(`alter table ${table("named")} add column ${warehouse.quote("late")} string`)
      expect(await session.columns(schema, "contract_named")).toEqual(["b", "a", "_seq", "late"])
      expect(await session.columns(schema, "contract_none")).toBeUndefined()
      expect(await session.columns("no_such_schema", "contract_none")).toBeUndefined()
      expect(await warehouse.ensureDataset(schema)).toBe(false)
      await warehouse.close()
    })

    test("quotes texts so that they come back", async () => {
      const { warehouse, session } = await opened()
      const texts = ["it's", 'a "b" `c`', "back\\slash", "line\nend\r\n", "ü 🙂 ?"]
      const columns = texts.map((text, i) => `${warehouse.literal(text)} as t${i}`)
      const { rows } = await session.result(`select ${columns.join(", ")}`)
      expect(rows).toEqual([texts])
      await warehouse.close()
    })

    test("counts the rows that a statement changed", async () => {
      const { warehouse, session, table } = await opened()
      const changed = table("changed")
      await session.run(`create table ${changed} (i bigint, j bigint)`)
      expect(await session.run(`insert into ${changed} select i, 0 from (${series(5)}) as s`)).toBe(5)
      expect(await session.run(`update ${changed} set j = ? where i > ?`, [7n, 2n])).toBe(3)
      expect(await session.run(`delete from ${changed} where j = 0`)).toBe(2)
      expect(await session.rows(`select count(*) as n, min(j) as j from ${changed}`)).toEqual([
        { n: 3n, j: 7n },
      ])
      await warehouse.close()
    })

    test("runs several statements in one go", async () => {
      const { warehouse, session, table } = await opened()
      const several = table("several")
      await session.run(`create table ${several} (i bigint); insert into ${several} values (1), (2)`)
      expect(await session.rows(`select count(*) as n from ${several}`)).toEqual([{ n: 2n }])
      await warehouse.close()
    })

    test("goes on after a statement that fails", async () => {
      const { warehouse, session, table } = await opened()
      await expect(session.rows(`select * from ${table("never_made")}`)).rejects.toThrow(/never_made/)
      expect(await session.rows("select 1 + 1 as two")).toHaveLength(1)
      await warehouse.close()
    })

    test("keeps a transaction's changes when it ends well, and none when it throws", async () => {
      const { warehouse, session, table } = await opened()
      const kept = table("kept")
      await session.run(`create table ${kept} (i bigint)`)
      const seen = await session.transaction(async () => {
        await session.run(`insert into ${kept} values (?)`, [1n])
        return session.rows(`select count(*) as n from ${kept}`)
      })
      expect(seen).toEqual([{ n: 1n }])
      const failing = session.transaction(async () => {
        await session.run(`insert into ${kept} values (2)`)
        await session.run(`delete from ${kept} where i = 1`)
        expect(await session.rows(`select i from ${kept}`)).toEqual([{ i: 2n }])
        throw new Error("in the middle")
      })
      await expect(failing).rejects.toThrow("in the middle")
      expect(await session.rows(`select i from ${kept}`)).toEqual([{ i: 1n }])
      await session.transaction(() => session.run(`insert into ${kept} values (3)`))
      expect(await session.rows(`select i from ${kept} order by i`)).toEqual([{ i: 1n }, { i: 3n }])
      await warehouse.close()
    })

    test("keeps temporary tables for their session, and for its transactions", async () => {
      const { warehouse, session, table } = await opened()
      const target = table("target")
      await session.run(`create table ${target} (i bigint)`)
      await session.run(`create temp table _staged as select i from (${series(4)}) as s`)
      await session.transaction(async () => {
        await session.run(`delete from _staged where i > ?`, [3n])
        await session.run(`insert into ${target} select i from _staged`)
      })
      await session.run(`create or replace temp table _staged as select count(*) as n from ${target}`)
      expect(await session.rows("select n from _staged")).toEqual([{ n: 3n }])
      const other = await warehouse.session()
      await expect(other.rows("select * from _staged")).rejects.toThrow(/_staged/)
      await warehouse.close()
    })

    test("has sessions that work side by side", async () => {
      const { warehouse, table } = await opened()
      const counts = await Promise.all(
        ["a", "b", "c"].map(async (name) => {
          const session = await warehouse.session()
          await session.run(`create table ${table(`side_${name}`)} (i bigint)`)
          const n = await session.run(`insert into ${table(`side_${name}`)} values (1), (2)`)
          session.close()
          return n
        }),
      )
      expect(counts).toEqual([2, 2, 2])
      await warehouse.close()
    })
  })
}
