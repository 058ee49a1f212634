import { type Column, csvText } from "../files/columns.ts"
import { BROWSERS, VISIT_SOURCES } from "../planted.ts"
import type { Randomness } from "../random.ts"
import { MAX_VIEWS, STEP } from "./journeys.ts"
import { stepTime } from "./visits.ts"

/**
 * `visits`: those of `drawn_visits` in order, with the number of events of all visits before each (`event`). DuckDB keeps no
 * order through a join, so they are sorted here, while they are narrow; whatever streams from `visits` without a join
 * keeps the order for nothing.
 */
export function visitsTable(events: number): string {
  return `create or replace table visits as
    select *, ${events} + (sum(bit_count(mask)) over (rows unbounded preceding))::bigint - bit_count(mask) as event
    from (select * from drawn_visits order by visit)`
}

/**
 * `sent`: the visits whose events a delivery's file holds, in its order, with the number of events before each in the file
 * (`event_row`). Between daily deliveries late visits are held back (`held`); those due follow at the end.
 * @param events how many events all earlier visits have; @param lastDay the delivery's day, undefined for the only one
 */
export function sentStatements(events: number, lastDay: number | undefined): string[] {
  if (lastDay === undefined) {
    return [`create or replace view sent as select *, event - ${events} as event_row from visits`]
  }
  return [
    "create table if not exists held as select *, day as due from visits where false",
    `insert into held select *, day + late from visits where day + late > ${lastDay}`,
    `create or replace table sent as
      select *, (sum(bit_count(mask)) over (rows unbounded preceding))::bigint - bit_count(mask) as event_row from (
        select * from visits where day + late <= ${lastDay}
        union all select * exclude (due) from held where due = ${lastDay})`,
  ]
}

const VIEWS = Array.from({ length: MAX_VIEWS }, (_, i) => i + 1)
const ofView = (column: string) =>
  `case view ${VIEWS.map((view) => `when ${view} then ${column}${view}`).join(" ")} end`
const isProduct = `bit > ${STEP.home} and bit < ${STEP.purchase}`
const departmentUri = `getvariable('department_paths')[${ofView("c")} + 1] || getvariable('brand_paths')[${ofView("b")} + 1]`
const productUri = `'/product/' || ${ofView("p")}`
const nameOf = (list: readonly { name: string }[], index: string) =>
  `case ${index} ${list.map(({ name }, i) => `when ${i} then '${name}'`).join(" ")} end`

/** SQL over {@link eventsQuery}: an event's number, its user, its epoch second, the address of its page, its type. */
export const EVENT = {
  id: "event + sequence",
  user: "customer + 1",
  created: (random: Randomness) => stepTime("sequence", random),
  uri: `case part when 0 then ${departmentUri} when 1 then ${productUri} when 2 then '/cart' when 3 then '/home'
    when 4 then '/purchase' else '/cancel' end`,
  type: `case part when 0 then 'department' when 1 then 'product' when 2 then 'cart' when 3 then 'home'
    when 4 then 'purchase' else 'cancel' end`,
}

/**
 * SQL: a row per event of the visits in `sent`, in order, without a join. Each has its number within the visit
 * (`sequence`, from 1), what happened (`part`), the number of the viewed product that it is about (`view`), and what the
 * visit's events share.
 * @param where picks visits; @param texts SQL of further columns over what is shared, worked out once per visit
 */
export function eventsQuery(random: Randomness, where: string, texts = ""): string {
  const ip = random.hash("address of the network", "visit")
  const octet = (shift: number, least: number, span: number) =>
    `(${least} + ((${ip} >> ${shift}) & 65535) % ${span})`
  return `select *, ${EVENT.id} as key,
      case when ${isProduct} then (bit - 1) % 3 when bit = ${STEP.home} then 3 when bit = ${STEP.purchase} then 4 else 5 end as part
    from (select *, (bit - 1) // 3 + 1 as view from (
      select * exclude (mask), bit_count(mask & ((1 << bit) - 1)) + 1 as sequence from (
        select *, unnest(list_filter([${steps()}], lambda b: (mask >> b) & 1 = 1)) as bit from (
          select *${texts} from (
            select *, ${EVENT.user} as user_id, md5(${random.salt("session")} || visit)::uuid::varchar as session_id,
              ${octet(0, 11, 200)} || '.' || ${octet(16, 0, 256)} || '.' || ${octet(32, 0, 256)} || '.' || ${octet(48, 1, 254)} as ip_address,
              getvariable('city_list')[place + 1] as city, getvariable('state_list')[place + 1] as state,
              getvariable('postal_code_list')[place + 1] as postal_code, ${nameOf(BROWSERS, "browser")} as browser_name,
              ${nameOf(VISIT_SOURCES, "source")} as source_name
            from sent where ${where})))))`
}

/**
 * SQL, for {@link eventsQuery}, of what makes the lines of a CSV file fast: the parts that a visit's events share, joined to
 * text once per visit.
 */
export function sharedTexts(zone: string): string {
  return `, ',' || coalesce(user_id::varchar, '') || ',' as head, ',' || session_id || ',' as middle,
    '${zone},' || ip_address || ',' || getvariable('place_list')[place + 1] || ',' || browser_name || ',' || source_name || ',' as tail`
}

/**
 * SQL of an event's line of a CSV file, over the shared texts.
 * @param columns those of an event, or spoilt ones in their place
 */
export function eventLine(
  random: Randomness,
  zone: string,
  columns: Record<"id" | "user" | "created", Column | undefined>,
): string {
  const spoilt = (column: Column | undefined, own: string) =>
    column === undefined || column.sql === own ? undefined : csvText(column, zone)
  const created = EVENT.created(random)
  const id = spoilt(columns.id, EVENT.id)
  const user = spoilt(columns.user, EVENT.user)
  const time = spoilt(columns.created, created)
  return [
    id ?? `(${EVENT.id})`,
    user === undefined ? "head" : `',' || ${user} || ','`,
    "sequence || middle",
    time === undefined
      ? `make_timestamp(${created} * 1000000) || tail`
      : `${time} || substr(tail, ${zone.length + 1})`,
    `case part when 0 then ${departmentUri} || ',department' when 1 then ${productUri} || ',product'
      when 2 then '/cart,cart' when 3 then '/home,home' when 4 then '/purchase,purchase' else '/cancel,cancel' end`,
  ].join(" || ")
}

function steps(): string {
  return Array.from({ length: STEP.cancel + 1 }, (_, bit) => bit).join(", ")
}
