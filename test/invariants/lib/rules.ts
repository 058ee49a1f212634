import { integer, money, text, time } from "./model/read.ts"
import type { DatasetName, TextRecord } from "./records.ts"
import { DATASETS } from "./records.ts"

/** What a shop says otherwise than the package does: a variable of its project, or of a screen (docs/screens.md). */
interface Rule {
  /** The data set whose screen it is about; a rule without one is about every shop. */
  dataset?: DatasetName
  vars: Record<string, unknown>
  /** Which records are no longer of use because of it; undefined where it lets in what the package rejects. */
  rejects: ((record: TextRecord) => boolean) | undefined
}

const nothing = () => false
const letIn = undefined

function screen(
  dataset: DatasetName,
  name: string,
  says: Record<string, unknown>,
  rejects: Rule["rejects"],
): [string, Rule] {
  const place = `${DATASETS[dataset].source}.${dataset}.${name}`
  const words = Object.entries(says).map(([key, value]) => `${key} ${String(value)}`)
  return [
    `${dataset}.${name}: ${words.join(", ")}`,
    { dataset, vars: { screens: { [place]: says } }, rejects },
  ]
}

const isBefore = (record: TextRecord, column: string, other: string): boolean => {
  const [earlier, later] = [time(record, column), time(record, other)]
  return earlier !== null && later !== null && earlier < later
}

const reject = { action: "reject" }

/**
 * Screens that reject though the package lets them flag or pass, with their own bounds or the package's; the other way
 * round; screens that are turned off; and variables. A shop that takes a rule back lets a rejecting screen flag again.
 */
const RULES: ReadonlyMap<string, Rule> = new Map([
  screen("users", "age_plausible", { ...reject, max: 30 }, (r) => Number(integer(r, "age") ?? 0) > 30),
  screen("users", "age_readable", reject, (r) => text(r, "age") !== null && integer(r, "age") === null),
  screen("users", "country_present", reject, (r) => text(r, "country", "null") === null),
  screen("users", "gender_known", { values: ["F"] }, nothing),
  screen("products", "brand_present", reject, (r) => text(r, "brand") === null),
  screen("products", "retail_price_not_negative", reject, (r) => (money(r, "retail_price") ?? 0n) < 0n),
  screen("orders", "status_known", reject, (r) => text(r, "status") === "Lost"),
  screen("orders", "shipped_after_created", reject, (r) => isBefore(r, "shipped_at", "created_at")),
  screen("orders", "user_named", reject, (r) => text(r, "user_id") === null),
  screen("orders", "user_exists", { action: "pass" }, nothing),
  screen("orders", "item_count_positive", { min: 2 }, nothing),
  screen("order_items", "status_known", { action: "pass" }, nothing),
  screen("order_items", "sale_price_not_negative", reject, (r) => (money(r, "sale_price") ?? 0n) < 0n),
  screen("order_items", "product_named", reject, (r) => text(r, "product_id") === null),
  screen(
    "order_items",
    "returned_only_if_delivered",
    reject,
    (r) => time(r, "returned_at") !== null && time(r, "delivered_at") === null,
  ),
  screen("events", "session_named", reject, (r) => text(r, "session_id") === null),
  screen("events", "event_type_known", reject, (r) => text(r, "event_type") === "wave"),
  screen("invoices", "customer_named", reject, (r) => text(r, "CustomerID") === null),
  screen("invoices", "quantity_plausible", { ...reject, min: 0 }, (r) => Number(integer(r, "Quantity")) < 0),
  screen("invoices", "line_repeated", { action: "pass" }, nothing),
  screen("orders", "created_at_readable", { action: "flag" }, letIn),
  screen("order_items", "sale_price_readable", { action: "flag" }, letIn),
  screen("events", "created_at_readable", { action: "flag" }, letIn),
  screen("invoices", "invoiced_at_readable", { action: "flag" }, letIn),
  ["calendar_to 2026-01-03", { vars: { calendar_to: "2026-01-03" }, rejects: nothing }],
  ["top_n 1", { vars: { top_n: 1 }, rejects: nothing }],
])

/** Names of the rules that a shop with these data sets may have. */
export function rulesFor(datasets: readonly DatasetName[]): string[] {
  return [...RULES].flatMap(([name, { dataset }]) =>
    dataset === undefined || datasets.includes(dataset) ? [name] : [],
  )
}

/** The variables that say these rules. */
export function varsOf(rules: readonly string[]): Record<string, unknown> {
  const all = rules.map((name) => ruleOf(name).vars)
  const screens = Object.assign({}, ...all.map((vars) => vars["screens"])) as Record<string, unknown>
  const vars = Object.assign({}, ...all) as Record<string, unknown>
  return Object.keys(screens).length === 0 ? vars : { ...vars, screens }
}

/** Whether a record is rejected by these rules, beside what the package rejects. */
export function isRejected(record: TextRecord, dataset: DatasetName, rules: readonly string[]): boolean {
  return rules.map(ruleOf).some((rule) => rule.dataset === dataset && rule.rejects?.(record) === true)
}

/** Whether the model knows what these rules lead to: it has no sale without an amount and no event without a time. */
export function areModelled(rules: readonly string[]): boolean {
  return rules.every((name) => ruleOf(name).rejects !== undefined)
}

function ruleOf(name: string): Rule {
  const rule = RULES.get(name)
  if (rule === undefined) throw new Error(`no rule '${name}': there are ${[...RULES.keys()].join("; ")}`)
  return rule
}
