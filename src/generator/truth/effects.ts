import {
  BROWSERS,
  CALENDAR,
  CART_LIMIT,
  DEMAND,
  DISCOUNTS,
  ENTRIES,
  FULFILMENT,
  HOURS,
  LOYALTIES,
  PEOPLE,
  USER_SOURCES,
  VIEWS_PER_VISIT,
  VISIT_SOURCES,
  WALK,
} from "../planted.ts"
import { brandNames, priceMultiplier } from "../shop/catalog.ts"
import { browserFactors } from "../shop/journeys.ts"
import { KINDS } from "../shop/people.ts"
import type { Shop } from "../shop/shop.ts"
import { CATEGORIES } from "../words/categories.ts"
import { counted, slopeOf } from "./count.ts"

/** One planted effect: what was meant, and what came of it, counted from the generated tables before dirt. */
export interface Effect {
  about: string
  planted: unknown
  realised: unknown
}

const STEPS = `sum(visits) as visits, sum(departments) as departments, sum(viewed) as viewed, sum(carted) as carted,
  sum(purchased) as purchased, sum(cancelled) as cancelled`

/** Every effect by name. The order is that of the file. */
export const EFFECTS: Readonly<Record<string, (shop: Shop) => Promise<Effect>>> = {
  trafficSources: async ({ session }) => ({
    about:
      "events.traffic_source: chance of each step of a visit. department: from home; product: from a first department page; " +
      "cart: given a viewed product; purchase: given a cart; conversion: all visits.",
    planted: VISIT_SOURCES.map((source) => ({ ...source, conversion: conversionOf(source) })),
    realised: await counted(
      session,
      `select name, ${STEPS}, sum(purchased) / sum(visits) as conversion
        from visit_sums join (${names(VISIT_SOURCES)}) on i = source group by i, name order by i`,
    ),
  }),
  browsers: async ({ session }) => ({
    about: "events.browser: factor on the step from cart to purchase; the mean over visits is 1.",
    planted: BROWSERS.map(({ name, share }, i) => ({ name, share, purchase: browserFactors()[i] })),
    realised: await counted(
      session,
      `select name, ${STEPS}, sum(purchased) / nullif(sum(carted), 0) as purchase
        from visit_sums join (${names(BROWSERS)}) on i = browser group by i, name order by i`,
    ),
  }),
  funnel: async ({ session }) => ({
    about: "All visits by the steps they reach, and the events by type.",
    planted: { walk: WALK, viewsPerVisit: VIEWS_PER_VISIT, cartLimit: CART_LIMIT, entries: ENTRIES },
    realised: {
      visits: (await counted(session, `select ${STEPS}, sum(signed_in) as signed_in from visit_sums`))[0],
      entries: await counted(
        session,
        `select entry as name, sum(visits) as visits from visit_sums group by entry order by entry`,
      ),
      events: await counted(
        session,
        "select event_type as name, sum(events) as events from event_sums group by event_type order by event_type",
      ),
    },
  }),
  calendar: async ({ session }) => ({
    about:
      "Visits by day: growth per year × month × weekday × special days × a little chance. Shares of visits, from 1 = January and Monday.",
    planted: CALENDAR,
    realised: {
      years: await visitsBy(session, "year(date)"),
      months: await visitsBy(session, "month(date)"),
      weekdays: await visitsBy(session, "isodow(date)"),
      yearMonths: await visitsBy(session, "strftime(date, '%Y-%m')"),
      specialDays: await visitsBy(
        session,
        "date::varchar",
        `month(date) in (11, 12) and (isodow(date) = 5 and month(date) = 11 and day(date) between 23 and 29
          or isodow(date) = 1 and month(date - 3) = 11 and day(date - 3) between 23 and 29)`,
      ),
    },
  }),
  hours: async ({ session }) => ({
    about: "Beginnings of visits by hour of the day, UTC, relative; a day's last visit begins before 23:50.",
    planted: HOURS,
    realised: await counted(
      session,
      "select hour, sum(visits) as visits from hour_sums group by hour order by hour",
    ),
  }),
  priceElasticity: async ({ session }) => {
    const levels = await counted(
      session,
      `select level, sum(views) as views, sum(carts) as carts from view_sums join products using (product)
        group by level order by level`,
    )
    const points = levels.map(({ level, views, carts }) => ({
      x: Math.log(priceMultiplier(Number(level))),
      y: Number(carts) / Number(views),
      weight: Number(carts),
    }))
    return {
      about:
        "The chance that a viewed product goes into the cart changes with (price / usual price of its category) ^ -elasticity. " +
        "Realised: the slope of log (carts / views) on log price over 64 price levels, weighted by carts.",
      planted: { elasticity: DEMAND.priceElasticity },
      realised: { elasticity: slopeOf(points, -1), levels },
    }
  },
  brands: async ({ session, settings, productCount }) => {
    const brands = brandNames(productCount)
    const of = DEMAND.brands.map((factor, rank) => ({ name: brands[rank] ?? "", factor }))
    return {
      about:
        "The chance that a viewed product goes into the cart is multiplied by its brand's factor (then normed to a mean of 1 per category). " +
        "All other brands have factor 1.",
      planted: { seed: settings.seed, brands: of },
      realised: await counted(
        session,
        `select case when brand < ${of.length} then b.name else '(all others)' end as name, sum(views) as views, sum(carts) as carts,
            sum(carts) / sum(views) as carts_per_view
          from view_sums join products using (product) join brands b using (brand)
          group by least(brand, ${of.length}), 1 order by least(brand, ${of.length})`,
      ),
    }
  },
  discounts: async ({ session }) => ({
    about: "order_items: share of items by per cent off the list price, in seasons of sale and else.",
    planted: DISCOUNTS,
    realised: await counted(
      session,
      `select sale, step * 10 as percent, sum(items) as items, sum(revenue) as revenue from sold_sums group by sale, step order by sale, step`,
    ),
  }),
  fulfilment: async ({ session }) => ({
    about:
      "orders.status at the end. Shipping takes longer from slow centers (the center of the first item). Times in hours, means.",
    planted: FULFILMENT,
    realised: {
      statuses: await counted(
        session,
        "select status, count(*) as orders from final_orders group by status order by status",
      ),
      centers: await counted(
        session,
        `select center, count(shipped_at) as shipped, sum(shipped_at - created) / 3600 / nullif(count(shipped_at), 0) as hours_to_ship,
            sum(delivered_at - shipped_at) / 3600 / nullif(count(delivered_at), 0) as hours_to_deliver
          from final_orders group by center order by center`,
      ),
    },
  }),
  returns: async ({ session }) => ({
    about:
      "Share of delivered orders that come back, by the category of the order's first item. `items` counts all items by their own " +
      "category, as a reader of order_items would: orders of mixed categories blur it.",
    planted: CATEGORIES.map(({ department, name, returned }) => ({ department, name, returned })),
    realised: {
      orders: await counted(
        session,
        `select department, name, count(delivered_at) as delivered, count(returned_at) as returned,
            count(returned_at) / nullif(count(delivered_at), 0) as rate
          from final_orders join categories using (category) group by category, department, name order by category`,
      ),
      items: await counted(
        session,
        `select department, name, sum(delivered) as delivered, sum(returned) as returned, sum(returned) / nullif(sum(delivered), 0) as rate
          from (select * from sold_sums) s join (select category, department, name from categories) c on c.category = s.item_category
          group by s.item_category, department, name order by s.item_category`,
      ),
    },
  }),
  loyalty: async ({ session }) => ({
    about: "Customers are of four kinds; weight: how often one visits, relative. Orders by kind.",
    planted: LOYALTIES.map(({ name, share, weight, lag }) => ({
      name,
      share,
      weight,
      meanDaysSinceRegistering: Number.isFinite(lag) ? lag : "any",
    })),
    realised: await counted(
      session,
      `select n.name, count(*) as customers, count(buyer) as buyers, coalesce(sum(orders), 0) as orders,
          coalesce(sum(orders), 0) / count(*) as orders_per_customer
        from customers left join customer_sums on buyer = customer join (${names(LOYALTIES)}) n on i = loyalty
        group by i, n.name order by i`,
    ),
  }),
  userSources: async ({ session }) => ({
    about: "users.traffic_source: share of customers, and orders per customer relative to Search.",
    planted: USER_SOURCES.map(({ name, slots }, index) => ({
      name,
      share: slots / 100,
      ordersRelative: weightOfSource(index) / weightOfSource(0),
    })),
    realised: await counted(
      session,
      `select n.name, count(*) as customers, coalesce(sum(orders), 0) as orders, coalesce(sum(orders), 0) / count(*) as orders_per_customer
        from customers left join customer_sums on buyer = customer join (${names(USER_SOURCES)}) n on n.name = source
        group by i, n.name order by i`,
    ),
  }),
  repeat: async ({ session }) => ({
    about: "Customers by their number of orders; rate: buyers with two or more orders among all buyers.",
    planted: "follows from loyalty",
    realised: {
      ...(
        await counted(
          session,
          `select count(*) as buyers, count_if(orders >= 2) as repeated, count_if(orders >= 2) / count(*) as rate from customer_sums`,
        )
      )[0],
      distribution: await counted(
        session,
        "select orders, count(*) as customers from customer_sums group by orders order by orders",
      ),
    },
  }),
  people: async ({ session }) => ({
    about:
      "Customers who have moved or changed their e-mail address since registering, as the users table stands at the end.",
    planted: PEOPLE,
    realised: (
      await counted(
        session,
        "select count(*) as customers, sum(moves_since) as moves, count_if(new_email) as changed_emails from final_people",
      )
    )[0],
  }),
}

/** What analyses must not find. */
export const NOT_PLANTED = [
  "conversion by country, city, age, gender, hour, weekday, month or year",
  "conversion by department or category",
  "return rate by brand, price, discount, country, traffic source or age",
  "cancellation or fulfilment by anything but what `fulfilment` says",
  "discount by product, brand or customer",
  "order size by traffic source beyond what a higher chance per view brings",
] as const

/** The planted chance that a visit from a source ends with a purchase. */
export function conversionOf(source: (typeof VISIT_SOURCES)[number]): number {
  const share = (name: string) => ENTRIES.find((entry) => entry.name === name)?.share ?? 0
  const viewed =
    share("home") * source.department * source.product +
    share("department") * source.product +
    share("product")
  return viewed * source.cart * source.purchase
}

function weightOfSource(index: number): number {
  const kinds = KINDS.filter((kind) => kind.source === index)
  return kinds.reduce((sum, kind) => sum + kind.weight, 0) / kinds.length
}

function names(list: readonly { name: string }[]): string {
  return `select unnest(range(${list.length})) as i, unnest([${list.map(({ name }) => `'${name}'`).join(", ")}]) as name`
}

function visitsBy(session: Shop["session"], unit: string, where = "true") {
  return counted(
    session,
    `select ${unit} as unit, sum(v.visits) as visits from visit_sums v
      join (select day, make_timestamp(day_start * 1000000)::date as date from calendar) c on c.day = v.day
      where ${where} group by unit order by unit`,
  )
}
