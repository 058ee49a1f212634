import { DAILY, PEOPLE } from "../planted.ts"
import { bits, of16, type Randomness } from "../random.ts"
import { LAST_NAMES, MEN, STREET_KINDS, STREETS, WOMEN } from "../words/people.ts"
import { CLOCK, happening, kindAndGenderOf, movesBefore, placeOf, type Span } from "./people.ts"

/** The daily deliveries, as days of the calendar; `first` is the one with all history. Undefined: one undated delivery. */
export interface Deliveries {
  first: number
  last: number
}

/**
 * SQL statements that create `customers`: what stays of each, one row per customer in order of registration. What changes (place,
 * e-mail, age) is worked out for a moment by {@link customersAt}.
 */
export function customersTable(span: Span, deliveries: Deliveries | undefined, random: Randomness): string[] {
  const founding = `round(3600.0 * customer / customers_before)::integer`
  const spread = `(clock.second + (((position % positions) * clock.width) // positions)::integer)`
  const age = `(${bits("a", 0, 16)} + ${bits("a", 16, 16)})`
  return [
    `create or replace table joinings as
      select day, day_start, customers_before, first_customer,
        customers - case when day = 0 then customers_before else 0 end as joining,
        unnest(range(first_customer, first_customer + customers)) as customer from calendar`,
    `create or replace table customers as
    with drawn as (
      select *, ${random.hash("age", "customer")} as a, ${random.hash("name", "customer")} as n,
        ${random.hash("customer", "customer")} as h, ${kindAndGenderOf("customer", random)} as kind_gender,
        day = 0 and customer < customers_before as founds,
        case when day = 0 then customer - customers_before else customer - first_customer end as place_in_day
      from joinings
    ), timed as (
      select *, greatest(joining, 1) * 65536 as positions,
        case when founds then 0 else (place_in_day * 65536 + ${bits("h", 0, 16)}) * ${CLOCK} end as position from drawn
    )
    select customer, day, (kind_gender & 1)::integer as gender, kinds.kind, kinds.loyalty, kinds.source,
      f.name as first_name, l.name as last_name, f.plain || l.plain as mailbox,
      day_start + case when founds then ${founding} when day = 0 then 3600 + ${spread} * 23 // 24 else ${spread} end as created,
      ${span.end} - (15.5 * 31556952)::bigint - (${age}::bigint * 58 * 31556952) // 131072 as born,
      h, ${erasure(deliveries, random)} as erased, ${lateness(deliveries)} as late
    from timed
      join clock on clock.step = position // positions
      join kinds on kinds.kind = kind_gender // 2
      join first_names f on f.key = case when kind_gender % 2 = 0 then ${bits("n", 0, 20)} % ${WOMEN.length}
        else 1000 + ${bits("n", 0, 20)} % ${MEN.length} end
      join last_names l on l.key = ${bits("n", 20, 20)} % ${LAST_NAMES.length}
    order by customer`,
  ]
}

/**
 * SQL: the customers as the shop's own system holds them at an epoch second, in order of their numbers.
 * @param where SQL that picks customers by `customer`
 */
export function customersAt(time: number, span: Span, random: Randomness, where: string): string {
  const email = happening("new e-mail", "customer", PEOPLE.emailsPerYear, span, random)
  const address = random.hash("address", "customer * 4 + moves")
  return `select customer + 1 as id, first_name, last_name,
      mailbox || case when new_email then (${bits("h", 24, 16)} % 900 + 100)::varchar else '' end
        || '@example.' || (['com', 'org', 'net', 'com'])[1 + (${bits("h", 40, 2)} + new_email::integer) % 4] as email,
      (${time} - born) // 31556952 as age, case gender when 0 then 'F' else 'M' end as gender, p.state,
      (1 + ${bits("d", 0, 16)} % 9899)::varchar || ' ' || st.name || ' ' || sk.name
        || case when ${bits("d", 52, 3)} = 0 then ' Apt. ' || (1 + ${bits("d", 40, 10)} % 400) else '' end as street_address,
      p.postal_code, p.city, p.country, p.latitude, p.longitude, source as traffic_source,
      created, 'POINT(' || p.longitude || ' ' || p.latitude || ')' as user_geom,
      customer, moves, new_email
    from (
      select *, ${address} as d from (
        select *, ${movesBefore("customer", String(time), span, random)} as moves, ${email} < ${time} and ${email} > created as new_email
        from customers
        where ${customerIsKnown(time)} and ${where}))
      join places p on p.place = ${placeOf("customer", "moves", random)}
      join streets st on st.key = ${bits("d", 16, 12)} % ${STREETS.length}
      join street_kinds sk on sk.key = ${bits("d", 28, 12)} % ${STREET_KINDS.length}`
}

/** SQL: whether a customer's record is handed on at an epoch second. */
export function customerIsKnown(time: number): string {
  return `(created < ${time} and (erased is null or erased >= ${time}) and (late is null or late < ${time}))`
}

/** Epoch second of the first delivery after which the customer is gone. */
function erasure(deliveries: Deliveries | undefined, random: Randomness): string {
  if (deliveries === undefined || deliveries.last === deliveries.first) return "null::bigint"
  const draw = bits(random.hash("erasure", "customer"), 0, 24)
  const rate = Math.round(DAILY.erasures * 2 ** 24)
  const day = `(${draw} // ${rate})`
  const midnight = `${startOf(deliveries)} + (${day} + 1) * 86400 + 43200`
  return `case when ${day} < ${deliveries.last - deliveries.first} and created < ${startOf(deliveries)} then ${midnight} end`
}

/** Epoch second at which the customer's record is first handed on, where that is later than registering. */
function lateness(deliveries: Deliveries | undefined): string {
  if (deliveries === undefined || deliveries.last === deliveries.first) return "null::bigint"
  const delay = `least(1 + ${bits("h", 60, 1)}, ${deliveries.last} - day)`
  return `case when day >= ${deliveries.first} and day < ${deliveries.last}
    and ${bits("h", 44, 16)} < ${of16(DAILY.lateUsers)} then day_start + ${delay} * 86400 end`
}

function startOf(deliveries: Deliveries): string {
  return `(select day_start from calendar where day = ${deliveries.first})`
}
