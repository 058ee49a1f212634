import fc from "fast-check"
import { expect, test } from "vitest"
import type { Diagram, Line } from "../diagram.ts"
import { heading, table, text } from "../document.ts"
import { html } from "./html.ts"
import { layoutOf } from "./layout.ts"
import { markdown } from "./markdown.ts"
import { svg } from "./svg.ts"

const field = fc.record({
  name: fc.stringMatching(/^[a-z_]{1,30}$/),
  type: fc.constantFrom("integer", "text"),
  key: fc.constantFrom("", "PK", "FK", "PK, FK"),
})

const diagrams: fc.Arbitrary<Diagram> = fc
  .array(fc.record({ middle: fc.boolean(), fields: fc.array(field, { maxLength: 12 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((boxes) => {
    const named = boxes.map((box, i) => ({ ...box, id: `b${i}`, title: `Box ${i}` }))
    const middle = named.filter((box) => box.middle).map(({ id }) => id)
    const others = named.map(({ id }) => id)
    const line = fc
      .record({
        from: fc.constantFrom(...(middle.length === 0 ? ["none"] : middle)),
        to: fc.constantFrom(...others),
        label: fc.string({ maxLength: 40 }),
        single: fc.boolean(),
      })
      .filter(({ from, to }) => from !== to)
    const lines =
      middle.length === 0 || others.length < 2 ? fc.constant<Line[]>([]) : fc.array(line, { maxLength: 20 })
    return lines.map((all) => ({ title: "Any", boxes: named, lines: all }))
  })

test("boxes stand apart within the drawing, and lines join them at their sides", () => {
  fc.assert(
    fc.property(diagrams, (diagram) => {
      const { width, height, boxes, lines } = layoutOf(diagram)
      expect(boxes.map(({ id }) => id).sort()).toEqual(diagram.boxes.map(({ id }) => id).sort())
      for (const [i, a] of boxes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true)
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
          expect(apart).toBe(true)
        }
      }
      expect(lines).toHaveLength(diagram.lines.length)
      for (const { from, to, start, end } of lines) {
        for (const [id, point] of [
          [from, start],
          [to, end],
        ] as const) {
          const box = boxes.find((each) => each.id === id)
          expect([box?.x, (box?.x ?? 0) + (box?.width ?? 0)]).toContain(point.x)
          expect(point.y > (box?.y ?? 0) && point.y < (box?.y ?? 0) + (box?.height ?? 0)).toBe(true)
        }
      }
    }),
  )
})

test("whatever a description says, the page stays whole and fetches nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (title, words) => {
      const page = html(title, [heading(1, title), text(words), table([words], [[words]])])
      const body = page.slice(page.indexOf("</style>"))
      const tags = new Set(Array.from(body.matchAll(/<([a-z0-9]+)/g), ([, tag]) => tag))
      const own = [
        "body",
        "nav",
        "p",
        "ul",
        "li",
        "a",
        "main",
        "h1",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
      ]
      expect([...tags].filter((tag) => ![...own, "code", "strong"].includes(tag ?? ""))).toEqual([])
    }),
  )
  const page = html("x", [text("see [the page](page.md), **bold**, `a<b` and \\*stars\\*")])
  expect(page).toContain(
    '<p>see <a href="page.md">the page</a>, <strong>bold</strong>, <code>a&lt;b</code> and *stars*</p>',
  )
})

test("Mermaid gets words for names and one quoted line for titles, whatever they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, words) => {
      const box = { id: name, title: words, middle: true, fields: [{ name, type: words, key: "PK" }] }
      const lines = [{ from: name, to: name, label: words, single: true }]
      const written = markdown([{ kind: "diagram", diagram: { title: "", boxes: [box], lines } }]).split("\n")
      expect(written).toHaveLength(8)
      expect(written[2]).toMatch(/^ {2}[A-Za-z]\w*(\["[^"\\%]+"\])? \{$/)
      expect(written[3]).toMatch(/^ {4}[A-Za-z]\w* [A-Za-z]\w* PK$/)
      expect(written[5]).toMatch(/^ {2}[A-Za-z]\w* \|o--\|\| [A-Za-z]\w* : "[^"\\%]+"$/)
    }),
  )
})

test("a drawing names its boxes and lines, long words by their beginning", () => {
  const drawing: Diagram = {
    title: "Orders & more",
    boxes: [
      { id: "a", title: "Order <1>", middle: true, fields: [{ name: "k", type: "integer", key: "PK" }] },
      { id: "b", title: "Day", middle: false, fields: [] },
    ],
    lines: [{ from: "a", to: "b", label: "was placed on / was shipped on", single: false }],
  }
  const drawn = svg(drawing, "d1")
  expect(drawn).toContain('aria-label="Orders &amp; more"')
  expect(drawn).toContain("Order &lt;1&gt;")
  expect(drawn).toContain("<title>a was placed on / was shipped on b</title>")
  expect(drawn).toContain(">was placed on / was shipp…<")
  expect(markdown([{ kind: "diagram", diagram: drawing }])).toBe(
    [
      "```mermaid",
      "erDiagram",
      '  a["Order 1"] {',
      "    integer k PK",
      "  }",
      '  b["Day"]',
      '  a }o--|| b : "was placed on / was shipped on"',
      "```",
      "",
    ].join("\n"),
  )
})
