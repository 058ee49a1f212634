import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { compile } from "./compile.ts"
import { type PublishedShop, type ShopPlaces, viewSql } from "./published-shop.ts"
import { priorQuery, type Query } from "./query.ts"

/** What a person runs in DuckDB to get an answer's numbers by hand. */
export interface Script {
  /** Names for the published files that the queries read. */
  views: string[]
  /** Of the period, then of the one to compare with. */
  queries: string[]
}

/** The SQL of an answer, with its values in place of parameters. */
export function scriptOf(
  query: Query,
  { catalog, version }: PublishedShop,
  { published }: ShopPlaces,
): Script {
  const tables = new Set<string>()
  const wording = {
    table(name: string) {
      tables.add(name)
      return quoteIdentifier(name)
    },
    text: quoteLiteral,
    day: (day: string) => `timestamp '${day}'`,
  }
  const asked =
    query.compare === undefined || query.period === undefined
      ? [query]
      : [query, priorQuery(query, query.period, query.compare)]
  const queries = asked.map((each) => compile(each, catalog, wording))
  return { views: [...tables].sort().map((table) => viewSql(published, version.version, table)), queries }
}
