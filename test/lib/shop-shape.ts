/** How many rows a shop's tables have for each event, as in the shops of `cartwright generate`; rounded up. */
export const ROWS_PER_EVENT = {
  fact_events: 1,
  fact_sessions: 0.25,
  fact_sales: 0.1,
  fact_orders: 0.07,
} as const
