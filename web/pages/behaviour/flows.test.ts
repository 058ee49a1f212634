import { expect, test } from "vitest"
import { flowsOf, LEFT } from "./flows.ts"

const rows = [
  ["home > product > cart", 5],
  ["home > product > product", 3],
  ["product", 2],
  ["home", 4],
].map(([path, sessions]) => ({
  by: { page_path: path as string },
  values: { sessions: sessions as number },
}))

test("sessions go on from their first page, and those that end are told", () => {
  const { sessions, links, kinds } = flowsOf(rows, undefined, 2)
  expect({ sessions, kinds }).toEqual({ sessions: 14, kinds: ["home", "product", "cart"] })
  expect(links).toEqual([
    { step: 1, from: "home", to: "product", sessions: 8 },
    { step: 2, from: "product", to: "cart", sessions: 5 },
    { step: 2, from: "product", to: "product", sessions: 3 },
    { step: 1, from: "product", to: LEFT, sessions: 2 },
    { step: 1, from: "home", to: LEFT, sessions: 4 },
  ])
})

test("they can be entered at any kind of page, at its first visit", () => {
  const { sessions, links } = flowsOf(rows, "product", 3)
  expect(sessions).toBe(10)
  expect(links.filter(({ step }) => step === 1)).toEqual([
    { step: 1, from: "product", to: "cart", sessions: 5 },
    { step: 1, from: "product", to: "product", sessions: 3 },
    { step: 1, from: "product", to: LEFT, sessions: 2 },
  ])
  for (const step of [1, 2, 3])
    expect(
      links
        .filter((link) => link.step === step && link.to !== LEFT)
        .reduce((sum, link) => sum + link.sessions, 0),
    ).toBe([0, 8, 0, 0][step])
})
