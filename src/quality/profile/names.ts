/** The words of a name: `CustomerID` → customer, id; `order-items` → order, items. */
export function wordsOf(name: string): string[] {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2")
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "")
}

/** Words that end the name of a column which identifies something. */
const ID_WORDS = new Set(["id", "key", "fk", "sk", "uuid", "guid", "sku", "no", "nr", "ref"])
/** Codes of the world's, not of the shop's, tables. */
const WORLD_CODES = new Set(["postal", "zip", "post", "country", "currency", "language", "area", "plz"])

export function isIdLike(name: string): boolean {
  const words = wordsOf(name)
  const last = words.at(-1) ?? ""
  return ID_WORDS.has(last) || (last === "code" && !WORLD_CODES.has(words.at(-2) ?? ""))
}

const GENERIC = new Set(["id", "key", "uuid", "guid", "name", "code", "type", "status", "no", "nr", "number"])

/**
 * How far the names alone say that a column refers to another table's key: 0 not at all; 1 the table's name ends its
 * own (`product_distribution_center_id` → distribution_centers.id); 2 both columns are called the same; 3 it is called
 * after the table (`product_id` → products.id, `order_id` → orders.order_id).
 */
export function nameAffinity(column: string, table: string, key: string): 0 | 1 | 2 | 3 {
  const words = wordsOf(column).map(singular)
  const keyWords = wordsOf(key).map(singular)
  const tableWords = wordsOf(table).map(singular)
  const same = (a: readonly string[], b: readonly string[]) => a.join(" ") === b.join(" ")
  if (same(words, [...tableWords, ...keyWords])) return 3
  const generic = keyWords.length === 1 && GENERIC.has(keyWords[0] ?? "")
  const stem = isIdLike(column) ? words.slice(0, -1) : words
  const keyIsTheTables = (generic && isIdLike(key)) || same(keyWords.slice(0, -1), tableWords)
  if (keyIsTheTables && same(stem, tableWords)) return 3
  if (same(words, keyWords) && !generic) return 2
  const ends = stem.length > tableWords.length && same(stem.slice(-tableWords.length), tableWords)
  return keyIsTheTables && ends ? 1 : 0
}

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`
  if (/(?:ch|sh|x|ss|z)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith("s") ? word.slice(0, -1) : word
}
