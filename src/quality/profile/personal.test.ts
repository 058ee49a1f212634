import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isCardNumber, isIban } from "./check-digits.ts"
import { mask, scrub, shapeOf } from "./mask.ts"
import { columnOf, profileOf, tableOf } from "./profile.fixture.ts"

const kind = async (name: string, values: (string | number)[]) => {
  const { personal } = await columnOf(name, values)
  return personal === null ? null : `${personal.kind}, by ${personal.by}, ${personal.values}`
}

describe("personal data", () => {
  test.each([
    ["contact", ["a@b.org", "c@d.com", "?"], "email address, by values, 2"],
    ["email", ["a@b.org", "c@d.com"], "email address, by both, 2"],
    ["note", ["call", "ask a@b.org today", "none", "done"], "email address, by inside, 1"],
    ["client", ["66.102.116.56", "217.254.220.236"], "IP address, by values, 2"],
    ["client", ["2001:db8::1", "fe80::1ff:fe23:4567:890a"], "IP address, by values, 2"],
    ["phone", ["030 123456", "(212) 555-0100"], "phone number, by name, 2"],
    ["reached_at", ["+49 30 123456", "+1 212 555 0100"], "phone number, by values, 2"],
    ["last_name", ["Müller", "O'Neill"], "person's name, by name, 2"],
    ["CustomerName", ["Ana Silva", "Jürgen Böhm"], "person's name, by name, 2"],
    ["username", ["ana", "bob"], "account name, by name, 2"],
    ["street_address", ["2844 Jenkins Heights", "Am Ring 3"], "street address, by name, 2"],
    ["line_1", ["2844 Jenkins Street", "10 Downing Street"], "street address, by values, 2"],
    [
      "paid_with",
      ["4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"],
      "card number, by values, 3",
    ],
    ["account", ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "bank account, by values, 2"],
  ])("%s %j", async (name, values, found) => {
    expect(await kind(name, values)).toBe(found)
  })

  test.each([
    ["name", ["Houston TX", "Chicago IL"]],
    ["product_name", ["Satin Headband", "Twill Cap"]],
    ["sku", ["2A3E953A5E3D81E67945BCE5519F84C8"]],
    ["order_number", ["4111111111111112", "4111111111111113"]],
    ["version", ["1.2.3", "10.0.1"]],
    ["postal_code", ["10115", "69980-000"]],
    ["latitude", ["29.7604", "39.95"]],
    ["created_at", ["2026-01-01", "2026-01-02"]],
    ["quantity", [1234567, 2345678]],
  ])("none in %s %j", async (name, values) => {
    expect(await kind(name, values)).toBeNull()
  })

  test("what tells of a person only beside something that names one counts there and nowhere else", async () => {
    const places = {
      postal_code: ["10115", "69980-000"],
      latitude: ["52.5", "-8.06"],
      longitude: ["13.4", "-72.8"],
    }
    const kinds = async (table: Record<string, (string | number)[]>) =>
      (await tableOf(table)).columns.flatMap(({ personal }) => personal?.kind ?? [])
    expect(await kinds({ name: ["Berlin", "Acre"], ...places })).toEqual([])
    expect(await kinds({ user_id: [1, 2], ...places })).toEqual(["postal code", "coordinates", "coordinates"])
    expect(await kinds({ name: ["Ana", "Bob"], email: ["a@b.org", "c@d.org"], ...places })).toEqual([
      "person's name",
      "email address",
      "postal code",
      "coordinates",
      "coordinates",
    ])
  })
})

test("no personal value is in a profile", async () => {
  // So begun, no word is one of the report itself.
  const word = fc.stringMatching(/^qz[a-z]{4,10}$/)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(word, { minLength: 12, maxLength: 12 }), async (words) => {
      const [a = "", b = "", c = "", d = "", e = "", f = "", ...rest] = words
      const report = await profileOf({
        people: {
          id: [1, 2],
          email: [`${a}@${b}.org`, `${c}@${d}.net`],
          first_name: [e, f],
          street: [`12 ${rest[0]} road`, `7 ${rest[1]} lane`],
          phone: ["+49 30 1234567", "+49 30 7654321"],
          ip: ["66.102.116.56", "217.254.220.236"],
          latitude: ["52.517312", "48.137954"],
          note: [`write to ${rest[2]}@${rest[3]}.org please`, "4111 1111 1111 1111"],
          born: ["1990-05-17", "1991-06-18"],
        },
        newsletter: { email: [`${a}@${b}.org`, `${rest[4]}@${rest[5]}.org`] },
      })
      const text = JSON.stringify(report)
      const personal = [
        a,
        b,
        c,
        d,
        e,
        f,
        ...rest,
        "1234567",
        "7654321",
        "102.116",
        "254.220",
        "1111 1111",
        "517312",
        "137954",
      ]
      for (const secret of personal) expect(text).not.toContain(secret)
    }),
    { numRuns: 5, endOnFailure: true },
  )
})

test("masks keep the first character and the marks between words", () => {
  expect(mask("angela@example.com")).toBe("a•••@•••.•••")
  expect(mask("2844 Jenkins Heights")).toBe("2••• ••• •••")
  expect(mask("-8.065346116")).toBe("-8•••.•••")
  expect(scrub("mail a.b@c.de or 10.0.0.1, card 4111-1111-1111-1111, order 4111111111111112")).toBe(
    "mail a•••.•@•.••• or 1•••.•.•.•, card 4•••-•••-•••-•••, order 4111111111111112",
  )
})

test("nested values are shown by their keys", () => {
  expect(shapeOf('{"buyer":{"name":"Ana \\"A\\" Silva","age":41.5},"ok":true,"tags":["x",-1e3]}')).toBe(
    '{"buyer":{"name":"…","age":9},"ok":true,"tags":["…",9]}',
  )
  expect(shapeOf('{"name":"Ana Sil')).toBe('{"name":"…"')
  fc.assert(
    fc.property(fc.string(), fc.nat(60), (secret, cut) => {
      const text = JSON.stringify({ buyer: `«${secret}»`, n: 1 }).slice(0, cut)
      expect(shapeOf(text)).not.toContain("«")
    }),
  )
})

test("a mask of letters and digits keeps one of them at most", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N} .@'-]{2,40}$/u), (value) => {
      expect((mask(value).match(/[\p{L}\p{N}]/gu) ?? []).length).toBeLessThanOrEqual(1)
    }),
  )
})

test("check digits", () => {
  expect(["4111111111111111", "378282246310005", "4111-1111 1111-1111"].every(isCardNumber)).toBe(true)
  expect(["4111111111111112", "1234567890123", "79927398713"].some(isCardNumber)).toBe(false)
  expect(isIban("DE89370400440532013000")).toBe(true)
  expect(isIban("DE88370400440532013000")).toBe(false)
})
