import { expect, test } from "vitest"
import { isIdLike, nameAffinity, wordsOf } from "./names.ts"

test.each([
  ["CustomerID", ["customer", "id"]],
  ["order-items", ["order", "items"]],
  ["Größe (cm)", ["große", "cm"]],
  ["utm_source", ["utm", "source"]],
])("the words of %s", (name, words) => {
  expect(wordsOf(name)).toEqual(words)
})

test.each([
  ["user_id", true],
  ["InvoiceNo", true],
  ["StockCode", true],
  ["postal_code", false],
  ["num_of_item", false],
  ["sequence_number", false],
  ["paid", false],
])("%s names something: %s", (name, expected) => {
  expect(isIdLike(name)).toBe(expected)
})

test.each([
  ["product_id", "products", "id", 3],
  ["order_id", "orders", "order_id", 3],
  ["CustomerID", "customers", "CustomerID", 3],
  ["category_id", "product_categories", "id", 0],
  ["product_sku", "products", "sku", 3],
  ["inventory_item_id", "inventory_items", "id", 3],
  ["product_distribution_center_id", "distribution_centers", "id", 1],
  ["session_token", "visits", "session_token", 2],
  ["inventory_item_id", "order_items", "id", 0],
  ["user_id", "orders", "order_id", 0],
  ["id", "orders", "id", 0],
  ["name", "brands", "name", 0],
])("%s for %s.%s: %i", (column, table, key, affinity) => {
  expect(nameAffinity(column, table, key)).toBe(affinity)
})
