import type { TextRecord } from "../records.ts"
import type { Change, Told } from "./history.ts"
import { currentTold } from "./history.ts"
import { type ExpectedRow, type Member, versionAt } from "./dimensions.ts"
import { amountText, id, integer, keyOf, money, text, time } from "./read.ts"

export interface Members {
  customers: Map<string, Member>
  products: Map<string, Member>
}

/** An item of an order as a fact needs it. */
interface Item {
  orderId: string | null
  key: bigint
  landingId: string
  soldAt: bigint
  customerDurable: bigint
  amounts: { amount: bigint; gross: bigint; returned: bigint; net: bigint }
  row: ExpectedRow
}

function itemsOf(orderItems: readonly Change[], { customers, products }: Members): Item[] {
  return [...currentTold(orderItems)].map(([lineId, { record, landingId }]) => {
    const soldAt = time(record, "created_at") as bigint
    const amount = money(record, "sale_price") as bigint
    const status = text(record, "status")
    const kind = amount <= 0n ? "adjustment" : status === "Cancelled" ? "cancellation" : "sale"
    const isReturned = status === "Returned" || time(record, "returned_at") !== null
    const gross = kind === "sale" ? amount : 0n
    const returned = kind === "sale" && isReturned ? amount : 0n
    const orderId = id(record, "order_id")
    const customerId = id(record, "user_id")
    const product = keysAt("product", products, id(record, "product_id"), soldAt)
    const customer = keysAt("customer", customers, customerId, soldAt)
    return {
      orderId,
      key: keyOf("thelook", lineId),
      landingId,
      soldAt,
      customerDurable: BigInt(customer["customer_durable_key"] as string),
      amounts: { amount, gross, returned, net: gross - returned },
      row: {
        line_id: lineId,
        order_id: orderId,
        stock_code: id(record, "product_id"),
        customer_id: customerId,
        line_kind: kind,
        sold_at: String(soldAt),
        quantity: "1",
        is_returned: String(isReturned),
        ...amountTexts({ amount, gross, returned, net: gross - returned }),
        ...customer,
        ...product,
        audit_key: String(keyOf(landingId)),
      },
    }
  })
}

/** `fact_sales`, theLook's part. */
export function salesRows(orderItems: readonly Change[], members: Members): ExpectedRow[] {
  return itemsOf(orderItems, members).map(({ row }) => row)
}

/** `fact_orders`, theLook's part: an order is there once a header or an item names it. */
export function orderRows(
  orders: readonly Change[],
  orderItems: readonly Change[],
  members: Members,
): ExpectedRow[] {
  const headers = currentTold(orders)
  const items = itemsOf(orderItems, members)
  const named = items.flatMap(({ orderId }) => (orderId === null ? [] : [orderId]))
  return [...new Set([...headers.keys(), ...named])].map((orderId) => {
    const { record: header, landingId } = headers.get(orderId) ?? {}
    const own = items.filter((item) => item.orderId === orderId)
    const [first] = own.sort((a, b) => compare(a.soldAt, b.soldAt) || compare(a.key, b.key))
    const sum = (amount: keyof Item["amounts"]) =>
      own.reduce((total, item) => total + item.amounts[amount], 0n)
    const orderedAt =
      header === undefined ? least(own.map(({ soldAt }) => soldAt)) : (time(header, "created_at") as bigint)
    const headerCustomer = header === undefined ? null : id(header, "user_id")
    const customerId =
      headerCustomer ?? byDurable(members.customers, greatest(own.map((i) => i.customerDurable)))
    return {
      order_id: orderId,
      has_header: String(header !== undefined),
      ordered_at: String(orderedAt),
      declared_item_count: header === undefined ? null : integer(header, "num_of_item"),
      item_count: String(own.length),
      units: String(own.length),
      ...amountTexts({
        amount: sum("amount"),
        gross: sum("gross"),
        returned: sum("returned"),
        net: sum("net"),
      }),
      ...keysAt("customer", members.customers, customerId, orderedAt),
      audit_key: String(keyOf(landingId ?? (first?.landingId as string))),
    }
  })
}

/** `fact_events`. */
export function eventRows(events: readonly Change[], { customers }: Members): ExpectedRow[] {
  return [...currentTold(events)].map(([eventId, { record, landingId }]) => {
    const occurredAt = time(record, "created_at") as bigint
    return {
      event_id: eventId,
      session_id: text(record, "session_id"),
      occurred_at: String(occurredAt),
      sequence_number: integer(record, "sequence_number"),
      ...keysAt("customer", customers, id(record, "user_id"), occurredAt),
      audit_key: String(keyOf(landingId)),
    }
  })
}

/** `fact_sessions`. */
export function sessionRows(events: readonly Change[], { customers }: Members): ExpectedRow[] {
  const sessions = new Map<string, { record: TextRecord; place: bigint; landingId: string }[]>()
  for (const [eventId, { record, landingId }] of currentTold(events)) {
    const session = text(record, "session_id")
    const number = BigInt(integer(record, "sequence_number") ?? 0)
    const place =
      ((time(record, "created_at") as bigint) * 1000n + number) * 2n ** 60n + keyOf("thelook", eventId)
    if (session !== null)
      sessions.set(session, [...(sessions.get(session) ?? []), { record, place, landingId }])
  }
  return [...sessions].map(([sessionId, own]) => {
    const records = own.map(({ record }) => record)
    const [first] = own.sort((a, b) => compare(a.place, b.place))
    const times = records.map((record) => time(record, "created_at") as bigint)
    const ofType = (type: string) =>
      String(records.filter((record) => text(record, "event_type") === type).length)
    const durables = records.map((record) => customers.get(id(record, "user_id") ?? "")?.durable ?? -1n)
    const customerId = byDurable(customers, greatest(durables))
    return {
      session_id: sessionId,
      started_at: String(least(times)),
      ended_at: String(greatest(times)),
      event_count: String(records.length),
      product_view_count: ofType("product"),
      cart_count: ofType("cart"),
      purchase_count: ofType("purchase"),
      ...keysAt("customer", customers, customerId, least(times)),
      audit_key: String(keyOf(first?.landingId as string)),
    }
  })
}

/** The lines of a file like Online Retail's, as `fact_sales` has them, apart from names and keys that are computed. */
export function invoiceRows(lines: readonly Told[]): ExpectedRow[] {
  return lines.map(({ record, landingId }) => {
    const invoice = id(record, "InvoiceNo") as string
    const stockCode = text(record, "StockCode") as string
    const price = money(record, "UnitPrice") as bigint
    const quantity = BigInt(integer(record, "Quantity") as string)
    const amount = price * quantity
    const kind = invoice.startsWith("A")
      ? "adjustment"
      : stockCode.toUpperCase() === "POST"
        ? "non_product"
        : invoice.startsWith("C")
          ? "cancellation"
          : amount <= 0n
            ? "adjustment"
            : "sale"
    const gross = kind === "sale" ? amount : 0n
    const returned = kind === "cancellation" && amount < 0n ? -amount : 0n
    return {
      invoice_no: invoice,
      stock_code: stockCode,
      customer_id: id(record, "CustomerID"),
      line_kind: kind,
      sold_at: String(time(record, "InvoiceDate")),
      quantity: String(quantity),
      ...amountTexts({ amount, gross, returned, net: gross - returned }),
      audit_key: String(keyOf(landingId)),
    }
  })
}

/** The durable key of whom a fact names, and the key of the version that was valid at its time. */
function keysAt(
  prefix: "customer" | "product",
  members: Map<string, Member>,
  naturalKey: string | null,
  at: bigint,
): ExpectedRow {
  const member = naturalKey === null ? undefined : members.get(naturalKey)
  return {
    [`${prefix}_key`]: String(versionAt(member, at)?.key ?? -1n),
    [`${prefix}_durable_key`]: String(member?.durable ?? -1n),
  }
}

function byDurable(members: Map<string, Member>, durable: bigint): string | null {
  return [...members.values()].find((member) => member.durable === durable)?.naturalKey ?? null
}

function amountTexts({ amount, gross, returned, net }: Item["amounts"]): ExpectedRow {
  return {
    amount: amountText(amount),
    gross_amount: amountText(gross),
    return_amount: amountText(returned),
    net_amount: amountText(net),
  }
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
const least = (values: readonly bigint[]): bigint =>
  values.reduce((a, b) => (b < a ? b : a), values[0] ?? -1n)
const greatest = (values: readonly bigint[]): bigint =>
  values.reduce((a, b) => (b > a ? b : a), values[0] ?? -1n)
