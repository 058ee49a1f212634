/**
 * What the generated shop's people and goods truly do. Each number here is an effect that an analysis should find again;
 * whatever is not listed was not planted. Shares need not add up to 1.
 */
export interface VisitSource {
  name: string
  /** Share of visits. */
  share: number
  /** Chance to go on from the home page to a department. */
  department: number
  /** Chance to go on from a first department page to a product. */
  product: number
  /** Chance to put something into the cart, given that at least one product was viewed. */
  cart: number
  /** Chance to buy, given something in the cart (the mean over browsers). */
  purchase: number
}

export const VISIT_SOURCES: readonly VisitSource[] = [
  { name: "Email", share: 0.45, department: 0.84, product: 0.88, cart: 0.58, purchase: 0.62 },
  { name: "Adwords", share: 0.3, department: 0.8, product: 0.85, cart: 0.5, purchase: 0.52 },
  { name: "Facebook", share: 0.1, department: 0.74, product: 0.8, cart: 0.42, purchase: 0.44 },
  { name: "YouTube", share: 0.1, department: 0.7, product: 0.76, cart: 0.38, purchase: 0.4 },
  { name: "Organic", share: 0.05, department: 0.86, product: 0.9, cart: 0.6, purchase: 0.66 },
]

/** How the browser changes the step from cart to purchase: relative to the others, before norming to a mean of 1. */
export const BROWSERS = [
  { name: "Chrome", share: 0.5, purchase: 1.05 },
  { name: "Firefox", share: 0.2, purchase: 1 },
  { name: "Safari", share: 0.2, purchase: 1 },
  { name: "IE", share: 0.05, purchase: 0.7 },
  { name: "Other", share: 0.05, purchase: 0.8 },
] as const

/** Where a visit begins. */
export const ENTRIES = [
  { name: "home", share: 0.4 },
  { name: "department", share: 0.3 },
  { name: "product", share: 0.3 },
] as const

/** Shares of visits with 1, 2, … products viewed, once one is viewed. */
export const VIEWS_PER_VISIT = [0.4, 0.26, 0.15, 0.09, 0.06, 0.04] as const
/** A cart holds at most so many items. */
export const CART_LIMIT = 4

export const WALK = {
  /** A department page is opened between two products. */
  departmentBetween: 0.7,
  /** A later product is of the first one's category. */
  sameCategory: 0.7,
  /** A cart that is not bought ends with a `cancel` event; else the visitor just leaves. */
  cancel: 0.55,
  /** A visitor who does not buy is signed in; else `user_id` is empty, though it is a customer too. */
  signedIn: 0.42,
  /** A product of the department that the visitor came for. */
  ownDepartment: 0.94,
  /** A visitor's gender is that of the department that they came for. */
  ownGender: 0.94,
} as const

/** Where customers came from when they registered, and how often they buy relative to `Search`. */
export const USER_SOURCES = [
  { name: "Search", slots: 70, orders: 1 },
  { name: "Organic", slots: 14, orders: 1.2 },
  { name: "Facebook", slots: 6, orders: 0.8 },
  { name: "Email", slots: 6, orders: 1.5 },
  { name: "Display", slots: 4, orders: 0.6 },
] as const

/** How loyal customers are: weight = visits relative to `occasional`; lag = mean days since registering at a visit. */
export const LOYALTIES = [
  { name: "one-off", share: 0.51, weight: 0.5, lag: 20 },
  { name: "occasional", share: 0.3, weight: 1, lag: 240 },
  { name: "regular", share: 0.15, weight: 3, lag: 600 },
  { name: "devoted", share: 0.04, weight: 10, lag: Number.POSITIVE_INFINITY },
] as const

export const CALENDAR = {
  /** Visits grow by this factor a year. */
  growth: 1.35,
  /** January to December. */
  months: [0.84, 0.82, 0.92, 0.95, 1, 0.98, 0.94, 0.92, 1, 1.08, 1.28, 1.4],
  /** Monday to Sunday. */
  weekdays: [0.94, 0.93, 0.95, 0.98, 1.06, 1.1, 1.04],
  /** The Friday after the fourth Thursday of November, and the Monday after it. */
  blackFriday: 2,
  cyberMonday: 1.7,
  /** Days differ by chance by up to this share, up or down. */
  noise: 0.06,
} as const

/** Visits by hour of the day (UTC), relative. */
export const HOURS = [
  3, 2, 2, 1, 1, 2, 4, 7, 9, 10, 10, 11, 12, 11, 11, 11, 12, 13, 15, 17, 18, 16, 11, 6,
] as const

export const DEMAND = {
  /** A product's chance to go into the cart falls with price^-elasticity, within its category. */
  priceElasticity: 0.5,
  /** The largest brands, in order; every other brand has factor 1. */
  brands: [1.4, 0.65, 1, 1.4, 0.65, 1, 1.4, 0.65] as readonly number[],
} as const

/** Shares of items sold at 0, 10, 20, 30 % off the list price. */
export const DISCOUNTS = {
  percent: [0, 10, 20, 30],
  usual: [0.8, 0.1, 0.07, 0.03],
  sale: [0.35, 0.2, 0.28, 0.17],
  /** Sales last from the first to the second month-day, both included. */
  seasons: [
    ["11-20", "11-30"],
    ["07-01", "07-14"],
  ] as readonly (readonly [string, string])[],
} as const

/** What becomes of an order. The return rate is by category: `categories.ts`. */
export const FULFILMENT = {
  cancelled: 0.15,
  /** Of those not cancelled: stays `Processing` for good. */
  neverShipped: 0.22,
  /** Of those shipped: arrival is never confirmed, stays `Shipped`. */
  neverConfirmed: 0.45,
  /** Longest time from order to cancellation, order to shipping, shipping to delivery, delivery to return, in days. */
  cancelDays: 1,
  shipDays: 3,
  deliverDays: 5,
  returnDays: 14,
  /** Each order of a slow center waits so many days more. */
  slowCenters: [{ center: 7, days: 2 }],
} as const

export const PEOPLE = {
  /** Expected moves to another address per year; a second move is as likely again. */
  movesPerYear: 0.15,
  /** Expected changes of the e-mail address per year. */
  emailsPerYear: 0.12,
  /** Share of customers registered when the shop opens. */
  founding: 0.01,
} as const

/** Only in successive daily deliveries. Each is a share per day. */
export const DAILY = {
  /** Products whose price changes. */
  priceChanges: 0.004,
  /** Customers erased on their request; their orders stay. */
  erasures: 0.0004,
  /** Visits of a day whose events come with a later delivery, one to three days late. */
  lateVisits: 0.01,
  /** New customers whose record comes one to two days late: their orders and events are there before them. */
  lateUsers: 0.05,
  /** New orders whose header comes one day late: their items are there before it. */
  lateOrders: 0.02,
} as const
