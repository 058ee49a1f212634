import type {
  ClosedErrors,
  DatasetAudit,
  ErrorDetail,
  ErrorEvent,
  EventFilter,
  RowFate,
  ScreenState,
} from "./errors.ts"
import { type ColumnKind, isoTime, rowsFromJson, tablesIn } from "../../warehouse/dialect.ts"
import type { Session, Warehouse, WarehouseValue } from "../../warehouse/warehouse.ts"

const EVENT_COLUMNS = `error_event_key, source_name, data_set, screen_name, action, severity, landing_id, record_count,
  open_count, first_seen_at, resolved_at, is_open`
const DETAIL_COLUMNS = `error_event_key, source_name, data_set, screen_name, action, column_name, landing_id, row_number,
  source_file, source_line, record_key, offending_value, is_rejected, first_seen_at, resolved_at`
const PLACES: Readonly<Record<string, ColumnKind>> = { row_number: "bigint", file: "string", line: "bigint" }

/** The shop's names of the layers. */
interface Layers {
  bronze: string
  silver: string
  quality: string
  meta: string
}

/** What the quality tables know of errors. */
export class ErrorStore {
  readonly #session: Session
  readonly #warehouse: Warehouse
  readonly #table: (name: string) => string
  readonly #bronze: (name: string) => string
  readonly #silver: (name: string) => string
  readonly #places: string
  readonly #layers: Layers

  constructor(session: Session, warehouse: Warehouse, layers: Layers) {
    this.#session = session
    this.#warehouse = warehouse
    this.#layers = layers
    const within = (schema: string) => (name: string) =>
      `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(schema)}.${warehouse.quote(name)}`
    this.#table = within(layers.quality)
    this.#bronze = within(layers.bronze)
    this.#silver = within(layers.silver)
    this.#places = within(layers.meta)("record_places")
  }

  /** The gravest first: what stops, what rejects, what flags; then by number of records. */
  async events(filter: EventFilter = {}): Promise<ErrorEvent[]> {
    const { where, values } = conditionsOf(filter)
    const rows = await this.#session.rows(
      `select ${EVENT_COLUMNS} from ${this.#table("error_events")} where ${where}
        order by case action when 'stop' then 0 when 'reject' then 1 when 'flag' then 2 else 3 end, is_open desc,
          record_count desc, source_name, data_set, screen_name, first_seen_at`,
      values,
    )
    return rows.map(eventOf)
  }

  /** All screens with the number of records that fail each now. */
  async screens(): Promise<ScreenState[]> {
    const rows = await this.#session.rows<Counted<ScreenState, "open">>(
      `select screens.source_name as source, screens.data_set as dataset, screens.screen_name as name, screens.kind,
          screens.action, screens.severity, screens.description, coalesce(sum(events.open_count), 0) as open
        from ${this.#table("screens")} as screens left join ${this.#table("error_events")} as events
          on events.source_name = screens.source_name and events.data_set = screens.data_set
          and events.screen_name = screens.screen_name
        group by 1, 2, 3, 4, 5, 6, 7
        order by case screens.action when 'stop' then 0 when 'reject' then 1 when 'flag' then 2 else 3 end, open desc,
          source, dataset, name`,
    )
    return rows.map((row) => ({ ...row, open: Number(row.open) }))
  }

  /** What became of the rows of each data set, over all deliveries. */
  async audits(): Promise<DatasetAudit[]> {
    const found = await this.#session.rows<Record<string, WarehouseValue>>(
      `select source_name, data_set, count(*) as batches, sum(rows_read) as rows_read, sum(rejected_lines) as rejected_lines,
          sum(rejected_rows) as rejected_rows, sum(flagged_rows) as flagged_rows
        from ${this.#table("audits")} group by source_name, data_set order by source_name, data_set`,
    )
    return found.map((row) => ({
      source: row["source_name"] as string,
      dataset: row["data_set"] as string,
      batches: Number(row["batches"]),
      rows: Number(row["rows_read"]),
      lines: Number(row["rejected_lines"]),
      rejected: Number(row["rejected_rows"]),
      flagged: Number(row["flagged_rows"]),
    }))
  }

  /** Errors that ended without a later row in their place, by screen and time; the last first. */
  async closed(filter: EventFilter = {}): Promise<ClosedErrors[]> {
    const { where, values } = conditionsOf({ ...filter, open: undefined })
    const rows = await this.#session.rows<Counted<ClosedErrors, "records">>(
      `select source_name as source, data_set as dataset, screen_name as screen,
          count(distinct concat(landing_id, ' ', cast(row_number as string))) as records, _closed_at as closed
        from ${this.#table("closed_errors")} where ${where}
        group by source_name, data_set, screen_name, _closed_at order by closed desc, source, dataset, screen`,
      values,
    )
    return rows.map((row) => ({ ...row, records: Number(row.records), closed: isoOf(row.closed) }))
  }

  /** Events whose key begins so. */
  async eventsBeginning(key: string): Promise<ErrorEvent[]> {
    const rows = await this.#session.rows(
      `select ${EVENT_COLUMNS} from ${this.#table("error_events")} where starts_with(cast(error_event_key as string), ?)`,
      [key],
    )
    return rows.map(eventOf)
  }

  /** Records of an event in the order of the file, one entry per column that the screen looks at. */
  async details(event: string, limit: number): Promise<ErrorDetail[]> {
    const rows = await this.#session.rows(
      `select ${DETAIL_COLUMNS} from ${this.#table("error_event_details")} where error_event_key = cast(? as bigint)
        order by resolved_at is not null, row_number, column_name limit ${limit}`,
      [event],
    )
    return rows.map(detailOf)
  }

  /** What fails in one record of a landing. */
  async detailsOfRow(landing: string, row: number): Promise<ErrorDetail[]> {
    const rows = await this.#session.rows(
      `select ${DETAIL_COLUMNS} from ${this.#table("error_event_details")} where landing_id = ? and row_number = ?
        order by screen_name, column_name`,
      [landing, row],
    )
    return rows.map(detailOf)
  }

  /** Records with errors whose place in the files was not looked up yet, by landing. */
  async unplaced(): Promise<Map<string, Set<number>>> {
    const rows = await this.#session.rows<{ landing_id: string; row_number: bigint }>(
      `select distinct failed.landing_id, failed.row_number from ${this.#table("failed_values")} as failed
        left join ${this.#places} as places
          on places.landing_id = failed.landing_id and places.row_number = failed.row_number
        where places.landing_id is null`,
    )
    const found = new Map<string, Set<number>>()
    for (const { landing_id: landing, row_number: row } of rows)
      found.set(landing, (found.get(landing) ?? new Set<number>()).add(Number(row)))
    return found
  }

  /** Keeps where records of a landing stand. */
  async keepPlaces(
    landing: string,
    places: Iterable<readonly [row: number, place: { file: string; line: number | undefined }]>,
  ): Promise<void> {
    const rows = [...places].map(([row, { file, line }]) => ({ row_number: row, file, line: line ?? null }))
    await this.#session.run(
      `insert into ${this.#places} (landing_id, row_number, file, line)
        select ?, found.row_number, found.file, found.line from (${rowsFromJson(this.#warehouse, PLACES)}) as found`,
      [landing, JSON.stringify(rows)],
    )
  }

  /**
   * What became of a record of a landing: set aside by the loader, rejected by a screen, current, replaced by a later row;
   * `as before`, where a delivery before it had brought the same row, which alone is kept.
   */
  async fateOf(source: string, dataset: string, landing: string, row: number): Promise<RowFate> {
    const [rejected] = await this.#session.rows(
      `select 1 from ${this.#bronze("rejected_lines")} where landing_id = ? and row_number = ?`,
      [landing, row],
    )
    if (rejected !== undefined) return "unreadable"
    const log = `log_${source}__${dataset}`
    const [staging, superseded] = [`stg_${source}__${dataset}`, `superseded_${source}__${dataset}`]
    const tables = await tablesIn(this.#session, this.#warehouse, this.#layers.silver)
    const has = (wanted: string) => tables.some(({ name }) => name === wanted)
    if (!has(log) || !has(staging)) return "not transformed"
    const [found] = await this.#session.rows<{ rejected: boolean; seq: bigint }>(
      `select _is_rejected as rejected, _change_seq as seq from ${this.#silver(log)} where _landing_id = ? and _row_number = ?`,
      [landing, row],
    )
    if (found === undefined) return "as before"
    if (found.rejected) return "rejected"
    const [current] = await this.#session.rows(
      `select 1 from ${this.#silver(staging)} where _change_seq = ?`,
      [found.seq],
    )
    if (current !== undefined) return "current"
    if (!has(superseded)) return "superseded"
    const [replaced] = await this.#session.rows<{ op: string }>(
      `select later._op as op from ${this.#silver(superseded)} as earlier
        join ${this.#silver(log)} as later on later._change_seq = earlier._replaced_by_seq where earlier._change_seq = ?`,
      [found.seq],
    )
    return replaced?.op === "D" ? "deleted" : "superseded"
  }

  /** Records that are rejected now, as texts that name them. */
  async rejected(): Promise<Set<string>> {
    const rows = await this.#session.rows<{ landing_id: string; row_number: bigint }>(
      `select distinct landing_id, row_number from ${this.#table("error_event_details")}
        where is_open and is_rejected and row_number > 0`,
    )
    return new Set(rows.map(({ landing_id: landing, row_number: row }) => `${landing} ${row}`))
  }
}

/** A filter as a condition with its parameters. */
function conditionsOf({ source = "", screen, open }: EventFilter): {
  where: string
  values: WarehouseValue[]
} {
  const [sourceName = "", dataset = ""] = source.split(".")
  const stated = Object.entries({
    source_name: sourceName || undefined,
    data_set: dataset || undefined,
    screen_name: screen || undefined,
    is_open: open,
  }).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined)
  return {
    where: ["true", ...stated.map(([column]) => `${column} = ?`)].join(" and "),
    values: stated.map(([, value]) => value),
  }
}

type Raw = Record<string, WarehouseValue>
/** As a warehouse gives it: counts are 64-bit integers. */
type Counted<T, K extends keyof T> = Omit<T, K> & Record<K, bigint>

function eventOf(row: Raw): ErrorEvent {
  return {
    ...commonOf(row),
    severity: row["severity"] as string,
    records: Number(row["record_count"]),
    open: Number(row["open_count"]),
    isOpen: row["is_open"] as boolean,
  }
}

function detailOf(row: Raw): ErrorDetail {
  const numberOf = (value: WarehouseValue | undefined) => (value === null ? null : Number(value))
  return {
    ...commonOf(row),
    column: row["column_name"] as string | null,
    row: numberOf(row["row_number"]),
    file: row["source_file"] as string | null,
    line: numberOf(row["source_line"]),
    key: row["record_key"] as string | null,
    value: row["offending_value"] as string | null,
    isRejected: row["is_rejected"] as boolean,
  }
}

function commonOf(row: Raw) {
  return {
    event: (row["error_event_key"] as bigint).toString(),
    source: row["source_name"] as string,
    dataset: row["data_set"] as string,
    screen: row["screen_name"] as string,
    action: row["action"] as string,
    landing: row["landing_id"] as string,
    firstSeen: isoOf(row["first_seen_at"]),
    resolved: row["resolved_at"] === null ? null : isoOf(row["resolved_at"]),
  }
}

function isoOf(text: WarehouseValue | undefined): string {
  return typeof text === "string" ? isoTime(text) : ""
}
