import type { Session, Warehouse, WarehouseValue } from "../../warehouse/warehouse.ts"

/** One screen failing in one batch, as `quality.error_events` has it. Times are ISO, UTC. */
export interface ErrorEvent {
  event: string
  source: string
  dataset: string
  screen: string
  action: string
  severity: string
  landing: string
  records: number
  open: number
  firstSeen: string
  resolved: string | null
  isOpen: boolean
}

/** One column of one record that fails, as `quality.error_event_details` has it. */
export interface ErrorDetail {
  event: string
  source: string
  dataset: string
  screen: string
  action: string
  column: string | null
  landing: string
  row: number | null
  file: string | null
  line: number | null
  key: string | null
  value: string | null
  isRejected: boolean
  firstSeen: string
  resolved: string | null
}

export interface EventFilter {
  /** `source` or `source.dataset`. */
  source?: string | undefined
  screen?: string | undefined
  /** @defaultValue both */
  open?: boolean | undefined
}

/** Where the dbt package keeps what it cannot build again (var `meta_schema`). */
const META_SCHEMA = "meta"

const EVENT_COLUMNS = `error_event_key::varchar as event, source_name as source, data_set as dataset, screen_name as screen,
  action, severity, landing_id as landing, record_count::integer as records, open_count::integer as open,
  first_seen_at::varchar as first_seen, resolved_at::varchar as resolved, is_open`
const DETAIL_COLUMNS = `error_event_key::varchar as event, source_name as source, data_set as dataset, screen_name as screen,
  action, column_name as "column", landing_id as landing, row_number::integer as "row", source_file as file,
  source_line::integer as line, record_key as key, offending_value as value, is_rejected, first_seen_at::varchar as first_seen,
  resolved_at::varchar as resolved`

/** What the quality tables know of errors. @param schema their schema, as the shop names it */
export class ErrorStore {
  readonly #session: Session
  readonly #table: (name: string) => string
  readonly #places: string

  constructor(session: Session, warehouse: Warehouse, schema: string) {
    this.#session = session
    this.#table = (name) =>
      `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(schema)}.${warehouse.quote(name)}`
    this.#places = `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(META_SCHEMA)}.record_places`
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
