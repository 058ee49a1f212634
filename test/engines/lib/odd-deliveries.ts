import type { Session } from "../../../src/warehouse/warehouse.ts"
import { bronzeFromRecords, type HandMadeRecord } from "./bronze-tables.ts"

/** Both sources in one shop, written by hand: what the real files do not show, or not yet. */
const FIRST = { id: "landing-1", at: "2026-11-20 06:00:00" }
const SECOND = { id: "landing-2", at: "2026-11-21 06:00:00" }

const USERS = ["id", "first_name", "last_name", "city", "country", "latitude", "created_at"]
const ann: HandMadeRecord = {
  id: "1",
  first_name: "Ann",
  last_name: "Null",
  city: "null",
  country: "España",
  latitude: "north",
  created_at: "2022-07-19 10:38:00+00:00",
}
const bob: HandMadeRecord = { id: "2.0", first_name: "Bob", last_name: "Bee", city: "York", country: "UK" }

const PRODUCTS = ["id", "name", "brand", "category", "department", "sku", "cost", "retail_price"]
const hat: HandMadeRecord = {
  id: "10",
  name: " Hat, red ",
  category: "Hats",
  cost: "1e1",
  retail_price: "19,99",
}

const ORDERS = [
  "order_id",
  "user_id",
  "status",
  "created_at",
  "shipped_at",
  "delivered_at",
  "returned_at",
  "num_of_item",
]
const order: HandMadeRecord = {
  order_id: "100",
  user_id: "1",
  status: "Processing",
  created_at: "2026-11-01 10:00:00 UTC",
  num_of_item: "2",
}

const ITEMS = [
  "id",
  "order_id",
  "user_id",
  "product_id",
  "status",
  "created_at",
  "shipped_at",
  "delivered_at",
  "returned_at",
  "sale_price",
]
const item = (id: string, more: HandMadeRecord): HandMadeRecord => ({
  id,
  order_id: "100",
  user_id: "1",
  product_id: "10",
  status: "Complete",
  created_at: "2026-11-01 10:00:00 UTC",
  sale_price: "1",
  ...more,
})

const EVENTS = [
  "id",
  "user_id",
  "sequence_number",
  "session_id",
  "created_at",
  "browser",
  "traffic_source",
  "uri",
  "event_type",
]
const event = (id: string, session: string | null, type: string, uri: string, more: HandMadeRecord = {}) => ({
  id,
  session_id: session,
  sequence_number: id,
  created_at: `2026-11-02 10:00:0${id} UTC`,
  browser: "Chrome",
  traffic_source: "Email",
  uri,
  event_type: type,
  ...more,
})

const INVOICES = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
  "Country",
]
const line = (more: HandMadeRecord): HandMadeRecord => ({
  InvoiceNo: "536365",
  StockCode: "85123A",
  Description: "WHITE HEART",
  Quantity: "6",
  InvoiceDate: "12/1/2010 8:26",
  UnitPrice: "2.55",
  CustomerID: "17850.0",
  Country: "EIRE",
  ...more,
})

/** Writes two landings of each data set into bronze. */
export async function loadOddDeliveries(session: Session): Promise<void> {
  await bronzeFromRecords(session, "thelook__users", USERS, [
    { ...FIRST, records: [ann, bob, ann, { first_name: "Nobody" }] },
    {
      ...SECOND,
      records: [
        { ...ann, city: "Málaga", _op: "U" },
        { ...bob, _op: "D" },
      ],
    },
  ])
  await bronzeFromRecords(session, "thelook__products", PRODUCTS, [
    { ...FIRST, records: [hat] },
    { ...SECOND, records: [{ ...hat, _op: "D" }] },
  ])
  await bronzeFromRecords(session, "thelook__orders", ORDERS, [
    {
      ...FIRST,
      records: [order, { order_id: "101", user_id: "7", status: "Lost", created_at: "2150-01-01" }],
    },
    { ...SECOND, records: [{ ...order, status: "Complete", created_at: "2026-13-01", _op: "U" }] },
  ])
  await bronzeFromRecords(session, "thelook__order_items", ITEMS, [
    {
      ...FIRST,
      records: [
        item("1", { sale_price: "2.7680398976188529" }),
        item("2", { sale_price: "-0.0000005", created_at: "2026-11-01T12:00:00+02:00" }),
        item("3", { sale_price: "0.1e1", created_at: "2026-11-01 10:00:00.123456789", order_id: "102" }),
        item("4", { product_id: "11", user_id: "8", status: "Returned", created_at: "2026-11-01" }),
        item("5", { status: "Cancelled", created_at: "2026-11-01T10:00:00Z" }),
        item("6", { sale_price: "free" }),
        item("7", { created_at: null }),
      ],
    },
  ])
  await bronzeFromRecords(session, "thelook__events", EVENTS, [
    {
      ...FIRST,
      records: [
        event("1", "s1", "product", "/product/10"),
        event("2", "s1", "product", "/product/12?from=mail"),
        event("3", "s1", "cart", "/cart"),
        event("4", "s1", "purchase", "/purchase", { user_id: "1" }),
        event("5", "s2", "purchase", "/purchase", { browser: null, traffic_source: null }),
        event("6", null, "home", "/"),
        event("7", "s3", "wishlist", "/department/women/category/hats/brand/b%26b", {
          sequence_number: "first",
        }),
      ],
    },
  ])
  const twin = line({})
  await bronzeFromRecords(session, "online_retail__invoices", INVOICES, [
    {
      ...FIRST,
      records: [
        twin,
        twin,
        { ...twin, Description: "WHITE HEART  " },
        line({ InvoiceNo: "C536366", Quantity: "-2" }),
        line({
          InvoiceNo: "536367",
          StockCode: "85123a",
          Description: "damaged",
          UnitPrice: "0",
          Quantity: "-5",
          CustomerID: null,
        }),
        line({
          InvoiceNo: "A536368",
          StockCode: "B",
          UnitPrice: "-9.5",
          Quantity: "1",
          CustomerID: null,
        }),
        line({
          InvoiceNo: "536365",
          StockCode: "post",
          UnitPrice: "4",
          Quantity: "1",
          Country: "Unspecified",
        }),
        line({ Quantity: "six" }),
        line({ InvoiceDate: "2010-12-02 09:00:00", Description: "PINK HEART", CustomerID: "17850" }),
      ],
    },
    { ...SECOND, records: [{ ...twin, _op: "D" }] },
  ])
}
