import type {
  ClosedErrors,
  DatasetAudit,
  ErrorDetail,
  ErrorEvent,
  EventFilter,
  RowFate,
  ScreenState,
} from "./errors.ts"
import type { Session, Warehouse, WarehouseValue } from "../../warehouse/warehouse.ts"

/** Where the dbt package keeps what it cannot build again (var `meta_schema`). */
const META_SCHEMA = "meta"

const EVENT_COLUMNS = `error_event_key::varchar as event, source_name as source, data_set as dataset, screen_name as screen,
  action, severity, landing_id as landing, record_count::integer as records, open_count::integer as open,
  first_seen_at::varchar as first_seen, resolved_at::varchar as resolved, is_open`
const DETAIL_COLUMNS = `error_event_key::varchar as event, source_name as source, data_set as dataset, screen_name as screen,
  action, column_name as "column", landing_id as landing, row_number::integer as "row", source_file as file,
  source_line::integer as line, record_key as key, offending_value as value, is_rejected, first_seen_at::varchar as first_seen,
  resolved_at::varchar as resolved`

/** The shop's names of the layers. */
interface Layers {
  bronze: string
  silver: string
  quality: string
}

/** What the quality tables know of errors. */
export class ErrorStore {
  readonly #session: Session
  readonly #table: (name: string) => string
  readonly #bronze: (name: string) => string
  readonly #silver: (name: string) => string
  readonly #places: string
  readonly #catalog: string
  readonly #layers: Layers

  constructor(session: Session, warehouse: Warehouse, layers: Layers) {
    this.#session = session
    this.#catalog = warehouse.catalog
    this.#layers = layers
    const within = (schema: string) => (name: string) =>
      `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(schema)}.${warehouse.quote(name)}`
    this.#table = within(layers.quality)
    this.#bronze = within(layers.bronze)
    this.#silver = within(layers.silver)
    this.#places = within(META_SCHEMA)("record_places")
  }

  /** The gravest first: what stops, what rejects, what flags; then by number of records. */
  async events(filter: EventFilter = {}): Promise<ErrorEvent[]> {
    const [source, dataset] = (filter.source ?? "").split(".")
    const rows = await this.#session.rows(
      `select ${EVENT_COLUMNS} from ${this.#table("error_events")}
        where (? = '' or source_name = ?) and (? = '' or data_set = ?) and (? = '' or screen_name = ?)
          and (? is null or is_open = ?)
        order by case action when 'stop' then 0 when 'reject' then 1 when 'flag' then 2 else 3 end, is_open desc,
          record_count desc, source_name, data_set, screen_name, first_seen_at`,
      [
        ...twice(source ?? ""),
        ...twice(dataset ?? ""),
        ...twice(filter.screen ?? ""),
        ...twice(filter.open ?? null),
      ],
    )
    return rows.map(eventOf)
  }

  /** All screens with the number of records that fail each now. */
  async screens(): Promise<ScreenState[]> {
    return this.#session.rows<ScreenState>(
      `select screens.source_name as source, screens.data_set as dataset, screens.screen_name as name, screens.kind,
          screens.action, screens.severity, screens.description, coalesce(sum(events.open_count), 0)::integer as open
        from ${this.#table("screens")} screens left join ${this.#table("error_events")} events
          on events.source_name = screens.source_name and events.data_set = screens.data_set
          and events.screen_name = screens.screen_name
        group by all
        order by min(case screens.action when 'stop' then 0 when 'reject' then 1 when 'flag' then 2 else 3 end), open desc,
          source, dataset, name`,
    )
  }

  /** What became of the rows of each data set, over all deliveries. */
  async audits(): Promise<DatasetAudit[]> {
    return this.#session.rows<DatasetAudit>(
      `select source_name as source, data_set as dataset, count(*)::integer as batches, sum(rows_read)::double as rows,
          sum(rejected_lines)::double as lines, sum(rejected_rows)::double as rejected, sum(flagged_rows)::double as flagged
        from ${this.#table("audits")} group by all order by source, dataset`,
    )
  }

  /** Errors that ended without a later row in their place, by screen and time; the last first. */
  async closed(filter: EventFilter = {}): Promise<ClosedErrors[]> {
    const [source, dataset] = (filter.source ?? "").split(".")
    const rows = await this.#session.rows(
      `select source_name as source, data_set as dataset, screen_name as screen,
          count(distinct landing_id || ' ' || row_number)::integer as records, _closed_at::varchar as closed
        from ${this.#table("closed_errors")}
        where (? = '' or source_name = ?) and (? = '' or data_set = ?) and (? = '' or screen_name = ?)
        group by all order by closed desc, source, dataset, screen`,
      [...twice(source ?? ""), ...twice(dataset ?? ""), ...twice(filter.screen ?? "")],
    )
    return rows.map(({ closed, ...rest }) => ({
      ...rest,
      closed: isoOf(closed),
    })) as unknown as ClosedErrors[]
  }

  /** Events whose key begins so. */
  async eventsBeginning(key: string): Promise<ErrorEvent[]> {
    const rows = await this.#session.rows(
      `select ${EVENT_COLUMNS} from ${this.#table("error_events")} where starts_with(error_event_key::varchar, ?)`,
      [key],
    )
    return rows.map(eventOf)
  }

  /** Records of an event in the order of the file, one entry per column that the screen looks at. */
  async details(event: string, limit: number): Promise<ErrorDetail[]> {
    const rows = await this.#session.rows(
      `select ${DETAIL_COLUMNS} from ${this.#table("error_event_details")} where error_event_key = ?::bigint
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
    const rows = await this.#session.rows<{ landing: string; row: number }>(
      `select distinct failed.landing_id as landing, failed.row_number::integer as "row"
        from ${this.#table("failed_values")} failed anti join ${this.#places} places
        on places.landing_id = failed.landing_id and places.row_number = failed.row_number`,
    )
    const found = new Map<string, Set<number>>()
    for (const { landing, row } of rows)
      found.set(landing, (found.get(landing) ?? new Set<number>()).add(row))
    return found
  }

  /** Keeps where records of a landing stand. */
  async keepPlaces(
    landing: string,
    places: Iterable<readonly [row: number, place: { file: string; line: number | undefined }]>,
  ): Promise<void> {
    const rows = [...places].map(([row, { file, line }]) => ({ row, file, line: line ?? null }))
    await this.#session.run(
      `insert into ${this.#places} (landing_id, row_number, file, line)
        select ?, unnested.place."row", unnested.place.file, unnested.place.line
        from (select unnest(from_json(?, '[{"row": "bigint", "file": "varchar", "line": "bigint"}]')) as place) as unnested`,
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
    const names = await this.#session.rows<{ name: string }>(
      "select table_name as name from information_schema.tables where table_catalog = ? and table_schema = ?",
      [this.#catalog, this.#layers.silver],
    )
    const has = (wanted: string) => names.some(({ name }) => name === wanted)
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
    const rows = await this.#session.rows<{ record: string }>(
      `select distinct concat_ws(' ', landing_id, row_number) as record from ${this.#table("error_event_details")}
        where is_open and is_rejected and row_number > 0`,
    )
    return new Set(rows.map(({ record }) => record))
  }
}

function twice(value: WarehouseValue): WarehouseValue[] {
  return [value, value]
}

type Raw = Record<string, WarehouseValue>

function eventOf({ first_seen, resolved, is_open, ...rest }: Raw): ErrorEvent {
  const times = { firstSeen: isoOf(first_seen), resolved: resolved === null ? null : isoOf(resolved) }
  return { ...rest, ...times, isOpen: is_open } as unknown as ErrorEvent
}

function detailOf({ first_seen, resolved, is_rejected, ...rest }: Raw): ErrorDetail {
  const times = { firstSeen: isoOf(first_seen), resolved: resolved === null ? null : isoOf(resolved) }
  return { ...rest, ...times, isRejected: is_rejected } as unknown as ErrorDetail
}

function isoOf(text: WarehouseValue | undefined): string {
  return typeof text === "string" ? new Date(`${text.replace(" ", "T")}Z`).toISOString() : ""
}
