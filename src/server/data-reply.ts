import type { PublishedShop } from "../metrics/published-shop.ts"
import type { DataReply } from "./api.ts"

/** The published quality records, by data set. A version without them, of a shop's own star, has none to show. */
export async function dataReply(shop: PublishedShop, signal: AbortSignal): Promise<DataReply> {
  const needed = ["audits", "row_reconciliation", "error_events", "screens"]
  if (needed.some((name) => shop.version.tables[name] === undefined))
    return { datasets: [], failures: [], screens: 0 }
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
  return { datasets, failures, screens: counted?.screens ?? 0 }
}
