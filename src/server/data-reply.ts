import type { PublishedShop } from "../metrics/published-shop.ts"
import type { DataReply, ErrorsReply } from "./api.ts"

/** Deliveries that are listed. */
const DELIVERIES = 50

/** The published quality records, by data set. A version without them, of a shop's own star, has none to show. */
export async function dataReply(shop: PublishedShop, signal: AbortSignal): Promise<DataReply> {
  const needed = ["audits", "row_reconciliation", "error_events", "screens"]
  if (needed.some((name) => shop.version.tables[name] === undefined))
    return { datasets: [], failures: [], screens: 0, deliveries: [], columns: [] }
  const datasets = await shop.ask<DataReply["datasets"][number]>(
    `select rows.source_name as source, rows.data_set as dataset, cast(max(audits.as_of) as varchar) as "asOf",
      cast(count(*) as double) as deliveries, cast(any_value(bronze_rows) as double) as received,
      cast(any_value(rows.rejected_rows) as double) as rejected, cast(any_value(repeated_rows) as double) as repeated,
      cast(any_value(replaced_rows) as double) as replaced, cast(any_value(deleted_rows) as double) as deleted,
      cast(any_value(current_rows) as double) as current, cast(any_value(unexplained_rows) as double) as unexplained
    from row_reconciliation as rows
    inner join audits using (source_name, data_set)
    group by 1, 2 order by 1, 2`,
    [],
    signal,
  )
  const failures = await shop.ask<DataReply["failures"][number]>(
    `select events.source_name as source, events.data_set as dataset, events.screen_name as screen, any_value(screens.description) as description,
      events.action, cast(sum(record_count) as double) as records, cast(sum(open_count) as double) as open, cast(min(first_seen_at) as varchar) as since
    from error_events as events
    left join screens using (source_name, data_set, screen_name)
    group by 1, 2, 3, 5 order by open > 0 desc, records desc, 1, 2, 3`,
    [],
    signal,
  )
  const [counted] = await shop.ask<{ screens: number }>(
    "select cast(count(*) as double) as screens from screens",
    [],
    signal,
  )
  const deliveries = await shop.ask<DataReply["deliveries"][number]>(
    `select source_name as source, data_set as dataset, cast(as_of as varchar) as "asOf", kind, cast(rows_read as double) as rows,
      cast(rejected_lines + rejected_rows as double) as rejected, cast(flagged_rows as double) as flagged, cast(quality_score as double) as score
    from audits order by extracted_at desc, 1, 2 limit ${DELIVERIES}`,
    [],
    signal,
  )
  const columns =
    shop.version.tables["landing_nulls"] === undefined
      ? []
      : await shop.ask<DataReply["columns"][number]>(
          `select nulls.source_name as source, nulls.data_set as dataset, column_name as "column", cast(row_count as double) as rows,
            cast(null_count as double) as missing
          from landing_nulls as nulls
          where landing_id in (select arg_max(landing_id, (extracted_at, landing_id)) from audits group by source_name, data_set)
          order by source, dataset, null_count / nullif(row_count, 0) desc, column_name`,
          [],
          signal,
        )
  return { datasets, failures, screens: counted?.screens ?? 0, deliveries, columns }
}

/** The records that fail a screen, down to file and line. */
export async function errorsReply(
  shop: PublishedShop,
  { source, dataset, screen, limit }: Record<"source" | "dataset" | "screen", string> & { limit: number },
  signal: AbortSignal,
): Promise<ErrorsReply> {
  if (shop.version.tables["error_event_details"] === undefined) return { total: 0, records: [] }
  const rows = await shop.ask<ErrorsReply["records"][number] & { total: number }>(
    `select cast(count(*) over () as double) as total, source_file as file, cast(source_line as double) as line, column_name as "column",
      offending_value as value, record_key as record, is_rejected as rejected, is_open as open, cast(first_seen_at as varchar) as since
    from error_event_details where source_name = $1 and data_set = $2 and screen_name = $3
    order by is_open desc, first_seen_at desc, source_file, source_line, row_number, column_name limit ${limit}`,
    [source, dataset, screen],
    signal,
  )
  return { total: rows[0]?.total ?? 0, records: rows.map(({ total: _total, ...record }) => record) }
}
