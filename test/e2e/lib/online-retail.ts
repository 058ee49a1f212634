import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** One line of an Online Retail file. */
export interface Line {
  invoice: string
  code: string
  description: string
  quantity: number
  time: string
  /** In pence, so that sums are exact. */
  pence: number
  customer: string
  country: string
}

const line = (
  invoice: string,
  code: string,
  description: string,
  quantity: number,
  time: string,
  pence: number,
  customer: string,
  country = "United Kingdom",
): Line => ({
  invoice,
  code,
  description,
  quantity,
  time,
  pence,
  customer,
  country,
})

/** Every quirk of the real file, by hand. */
export const LINES: readonly Line[] = [
  line("536365", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 6, "12/1/2010 8:26", 255, "17850"),
  line("536365", "71053", "WHITE METAL LANTERN ", 6, "12/1/2010 8:26", 339, "17850"),
  // A true duplicate: the same line twice.
  line("536365", "71053", "WHITE METAL LANTERN ", 6, "12/1/2010 8:26", 339, "17850"),
  // The same article, written with another letter case and another description.
  line("536366", "85123a", "CREAM HANGING HEART T-LIGHT HOLDER", 2, "12/1/2010 13:05", 295, "17851"),
  // Commas, quotes and a pound sign, which is the byte 0xA3 of ISO-8859-1.
  line("536367", "22423", 'REGENCY CAKESTAND "3 TIER", £12.75', 4, "1/4/2011 10:00", 1275, "12583", "France"),
  // A customer who ordered from two countries.
  line("536368", "22423", 'REGENCY CAKESTAND "3 TIER", £12.75', 1, "1/5/2011 9:59", 1275, "12583", "Belgium"),
  // Nobody knows the customer.
  line("536370", "71053", "WHITE METAL LANTERN", 3, "1/5/2011 11:59", 699, ""),
  // A cancellation.
  line("C536379", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", -1, "1/6/2011 9:41", 255, "17850"),
  // Bad debt, with a negative price.
  line("A563186", "B", "Adjust bad debt", 1, "8/12/2011 14:51", -1106206, ""),
  // A negative quantity that is no cancellation, without price or description; and a remark.
  line("536589", "21777", "", -10, "12/1/2010 16:50", 0, ""),
  line("536590", "21777", "damaged", -3, "12/1/2010 16:51", 0, ""),
  // Postage, a manual entry and bank charges are no products.
  line("536370", "POST", "POSTAGE", 3, "1/5/2011 11:59", 1800, "12583", "France"),
  line("536371", "M", "Manual", 1, "2/1/2011 7:00", 500, "17850"),
  line("536372", "BANK CHARGES", "Bank Charges", 1, "2/1/2011 7:05", 1500, ""),
  // Given away.
  line("536373", "22423", 'REGENCY CAKESTAND "3 TIER", £12.75', 1, "2/2/2011 12:00", 0, "17851"),
]

/** As the real file is written: ISO-8859-1, CRLF, prices with a point. */
export function writeOnlineRetail(folder: string, lines: readonly Line[] = LINES, name = "data.csv"): void {
  mkdirSync(folder, { recursive: true })
  const rows = lines.map(({ invoice, code, description, quantity, time, pence, customer, country }) =>
    [invoice, code, quoted(description), quantity, time, price(pence), customer, country].join(","),
  )
  const header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
  writeFileSync(join(folder, name), Buffer.from(`${[header, ...rows].join("\r\n")}\r\n`, "latin1"))
}

/** The plain sum of the file, in pence. */
export function totalPence(lines: readonly Line[] = LINES): number {
  return lines.reduce((sum, { quantity, pence }) => sum + quantity * pence, 0)
}

function price(pence: number): string {
  const text = String(Math.abs(pence)).padStart(3, "0")
  const number = `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, "")
  return `${pence < 0 ? "-" : ""}${number}`
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
