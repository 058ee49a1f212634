import type { Session } from "../../warehouse/warehouse.ts"
import type { ColumnFacts, ColumnLook } from "./facts.ts"
import { isCardNumber, isIban } from "./check-digits.ts"
import { wordsOf } from "./names.ts"
import type { Personal } from "./report.ts"

/** How one kind of personal data is known. */
interface PersonalRule {
  kind: string
  level: Personal["level"]
  /** On the words of the column's name, joined by `_`. */
  name?: RegExp
  /** On values, in full. */
  value?: string
  /** The share of the values that must match where the name tells nothing; absent: values alone never tell. */
  alone?: number
  /** Values that match and must also pass this; looked at in a sample. */
  check?: (value: string) => boolean
}

/** Where name and values both speak for it, half of the values are enough. */
const WITH_NAME = 0.5
const SAMPLE = { full: 2000, verdict: 200 }

const BIRTH = /birth|geburt|(?:^|_)(?:dob|born)(?:_|$)/

/** No value that tells by itself is shorter. Characters. */
const SHORTEST = 6

/** The first that holds is the column's. */
const RULES: readonly PersonalRule[] = [
  {
    kind: "email address",
    level: "direct",
    name: /e_?mail/,
    value: "[^@\\s]+@[^@\\s]+[.]\\p{L}{2,}",
    alone: 0.5,
  },
  {
    kind: "card number",
    level: "direct",
    name: /(?:^|_)(?:card|cc|pan|credit_card)(?:_|$)/,
    value: "[2-6]\\d{3}(?:[ -]?\\d{2,6}){2,4}",
    alone: 0.9,
    check: isCardNumber,
  },
  {
    kind: "bank account",
    level: "direct",
    name: /iban|bank_account|konto/,
    value: "[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{1,4}){3,8}",
    alone: 0.9,
    check: isIban,
  },
  {
    kind: "IP address",
    level: "direct",
    name: /(?:^|_)ip(?:_|$)/,
    value: "(?:\\d{1,3}[.]){3}\\d{1,3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}",
    alone: 0.8,
  },
  {
    kind: "phone number",
    level: "direct",
    name: /phone|mobile|telefon|(?:^|_)(?:tel|fax|handy|whatsapp)(?:_|$)/,
    value: "(?:[+(]|00)?\\d[\\d ()./-]{5,19}",
  },
  { kind: "phone number", level: "direct", value: "[+]\\d{1,3}[ (./-]?\\d[\\d ()./-]{5,16}", alone: 0.8 },
  {
    kind: "street address",
    level: "direct",
    name: /street|strasse|(?:^|_)(?:address|adresse|addr)(?:_|$|\d)(?!.*(?:ip|url|web))/,
    value: ".*\\p{L}.*",
  },
  {
    kind: "street address",
    level: "direct",
    value:
      "\\d+[a-zA-Z]? .*\\b(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Way|Place)\\b.*|\\p{Lu}\\p{L}+(?:straße|strasse|str[.]|weg|platz|gasse) \\d+.*",
    alone: 0.5,
  },
  {
    kind: "person's name",
    level: "direct",
    name: /(?:^|_)(?:first|last|full|given|family|middle|maiden)_?name|surname|vorname|nachname|(?:customer|contact|buyer|recipient|billing|shipping|user|person|client)_name$/,
    value: "[\\p{L}\\p{M} .,'’-]+",
  },
  { kind: "account name", level: "direct", name: /^(?:user_?name|login|nickname|handle)$/, value: "\\S+" },
  {
    kind: "person's name",
    level: "indirect",
    name: /^name$/,
    value: "[\\p{L}\\p{M} .,'’-]+",
  },
  {
    kind: "postal code",
    level: "indirect",
    name: /postal|post_?code|zip|(?:^|_)plz(?:_|$)/,
    value: ".*\\d.*",
  },
  {
    kind: "coordinates",
    level: "indirect",
    name: /(?:^|_)(?:lat|latitude|lon|lng|long|longitude)(?:_|$)/,
    value: "-?\\d{1,3}(?:[.,]\\d+)?",
  },
  { kind: "coordinates", level: "indirect", value: "POINT ?[(]-?[\\d.]+ -?[\\d.]+[)]", alone: 0.8 },
  { kind: "birth date", level: "indirect", name: BIRTH, value: ".*\\d.*" },
]

const EMAIL_INSIDE = "[\\p{L}\\d._%+-]+@[\\p{L}\\d.-]+[.]\\p{L}{2,}"

/** What personal data a column holds by its name and values; whether an indirect kind counts, its table tells. */
export async function personalKind(
  session: Session,
  facts: ColumnFacts,
  depth: ColumnLook["depth"],
): Promise<Personal | null> {
  const { name, values, profile } = facts
  const filled = profile.type.of - profile.blanks
  if (filled <= 0 || ["boolean", "date", "timestamp"].includes(profile.type.name)) {
    return profile.type.of > 0 && BIRTH.test(wordsOf(name).join("_"))
      ? { kind: "birth date", level: "indirect", values: profile.type.fits, by: "name" }
      : null
  }
  const words = wordsOf(name).join("_")
  const maySpeakAlone =
    (profile.length?.max ?? 0) >= SHORTEST && profile.type.name !== "decimal" && profile.type.format === null
  const rules = RULES.filter((rule) => (rule.alone !== undefined && maySpeakAlone) || rule.name?.test(words))
  const counted = rules.map(
    ({ value }, i) =>
      `coalesce(sum(n) filter (regexp_full_match(v, '${quoted(value ?? ".*")}')), 0) as n${i}`,
  )
  // Numbers and ids have no e-mail addresses inside; of everything else every value is looked at for one.
  const inside = maySpeakAlone && (profile.type.name === "text" || profile.type.name === "json")
  if (rules.length === 0 && !inside) return null
  const [found] = await session.rows<Record<string, bigint>>(
    `select ${counted.join(", ")}, coalesce(sum(n), 0) as looked_at from (select v, n from ${values} order by hash(v), v limit ${SAMPLE[depth]})`,
  )
  const lookedAt = Number(found?.["looked_at"] ?? 0)
  for (const [i, rule] of rules.entries()) {
    const share = lookedAt === 0 ? 0 : Number(found?.[`n${i}`] ?? 0) / lookedAt
    const named = rule.name?.test(words) ?? false
    const needed = named ? WITH_NAME : (rule.alone ?? 2)
    if (share < needed || !(await passes(session, facts, rule))) continue
    const enough = rule.alone !== undefined && share >= rule.alone
    const count = depth === "verdict" ? 0 : await matching(session, values, rule.value ?? ".*")
    return {
      kind: rule.kind,
      level: rule.level,
      values: count,
      by: named ? (enough ? "both" : "name") : "values",
    }
  }
  if (!inside || depth === "verdict") return null
  const [held] = await session.rows<{ n: bigint }>(
    `select coalesce(sum(n), 0) as n from ${values} where v like '%@%' and regexp_matches(v, '${quoted(EMAIL_INSIDE)}')`,
  )
  const holding = Number(held?.n ?? 0)
  return holding === 0 ? null : { kind: "email address", level: "direct", values: holding, by: "inside" }
}

/** Columns whose values name a person by a number or text that only the shop knows. */
export function namesPerson(name: string): boolean {
  return /(?:^|_)(?:user|customer|client|buyer|person|member|visitor|kunde|kunden)_?(?:id|key|no|nr|number)$/.test(
    wordsOf(name).join("_"),
  )
}

/** Check digits are summed here: a sample must pass, as random digits would once in ten. */
async function passes(
  session: Session,
  { values }: ColumnFacts,
  { check, value }: PersonalRule,
): Promise<boolean> {
  if (check === undefined) return true
  const found = await session.rows<{ v: string }>(
    `select v from ${values} where regexp_full_match(v, '${quoted(value ?? "")}') order by hash(v), v limit ${SAMPLE.full}`,
  )
  const passing = found.filter(({ v }) => check(v)).length
  return passing >= 2 && passing >= found.length * 0.9
}

async function matching(session: Session, values: string, pattern: string): Promise<number> {
  const [found] = await session.rows<{ n: bigint }>(
    `select coalesce(sum(n), 0) as n from ${values} where regexp_full_match(v, '${quoted(pattern)}')`,
  )
  return Number(found?.n ?? 0)
}

function quoted(pattern: string): string {
  return pattern.replaceAll("'", "''")
}
