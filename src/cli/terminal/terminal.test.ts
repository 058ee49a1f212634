import { Writable } from "node:stream"
import { describe, expect, test, vi } from "vitest"
import { CartwrightError } from "../../core/errors.ts"
import { ConfigError } from "../../project/config/config-error.ts"
import { renderError } from "../render-error.ts"
import { stepSummary } from "../step-summary.ts"
import { createOutput, type OutputOptions } from "./output.ts"
import { wantsColor } from "./style.ts"
import { bytes, columns, count, duration, rate, table } from "./text.ts"

function streams(options: Partial<OutputOptions> = {}) {
  const written = { out: "", err: "" }
  const into = (key: keyof typeof written) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[key] += chunk.toString()
        done()
      },
    })
  const output = createOutput({
    stdout: into("out"),
    stderr: into("err"),
    json: false,
    quiet: false,
    terminal: false,
    color: false,
    ...options,
  })
  return { output, written }
}

describe("output", () => {
  test("keeps progress and results apart", () => {
    const { output, written } = streams()
    output.progress({ step: "load", name: "a.b", status: "start" })
    output.progress({ step: "load", name: "a.b", status: "done", rows: 20_000, elapsedMs: 400 })
    output.progress({ step: "transform", name: "quick", status: "done", elapsedMs: 4 })
    output.progress({ step: "transform", name: "slow", status: "done", elapsedMs: 4000 })
    output.progress({
      step: "transform",
      name: "broken",
      status: "failed",
      message: "3 of 4: no such column",
    })
    output.print("loaded")
    output.result({ ok: true })
    expect(written.out).toBe("loaded\n")
    expect(written.err).toBe(
      "✓ load      a.b · 20,000 rows · 400 ms · 50,000 rows/s\n✓ transform slow · 4.0 s\n✗ transform broken · 3 of 4: no such column\n",
    )
  })

  test("as JSON is one document per line, and nothing else", () => {
    const { output, written } = streams({ json: true })
    output.progress({ step: "load", name: "a.b", status: "start" })
    output.print("loaded")
    output.note("note")
    output.warn("warning")
    output.result({ ok: true, small: 5n, large: 2n ** 60n })
    expect(written.err).toBe("")
    expect(
      written.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { type: "progress", step: "load", name: "a.b", status: "start" },
      { type: "result", ok: true, small: 5, large: "1152921504606846976" },
    ])
  })

  test("on a terminal redraws one line with what runs, and clears it for what stays", () => {
    vi.useFakeTimers()
    const { output, written } = streams({ terminal: true })
    output.progress({ step: "load", name: "a.b", status: "start" })
    output.progress({ step: "load", name: "a.c", status: "progress", rows: 1000 })
    vi.advanceTimersByTime(250)
    const [first, second] = written.err.split("\r\u001B[2K")
    expect(first).toMatch(/^… load {6}a\.c \(\+1\) · 1,000 rows/)
    expect(second).toMatch(/^… load {6}a\.c/)
    output.print("done")
    expect(written.err.endsWith("\r\u001B[2K")).toBe(true)
    output.end()
    const before = written.err
    vi.advanceTimersByTime(1000)
    expect(written.err).toBe(before)
    vi.useRealTimers()
  })

  test("is silent but for results when it shall be quiet", () => {
    const { output, written } = streams({ quiet: true, terminal: true })
    output.progress({ step: "load", name: "a.b", status: "done" })
    output.note("note")
    output.print("result")
    expect(written).toEqual({ out: "result\n", err: "" })
  })
})

describe("errors", () => {
  const error = new CartwrightError("publish", "cannot write", {
    place: "published/x",
    choices: ["a", "b"],
    next: "Do this.",
    state: "Version 1 stays published.",
  })

  test("name offence, place, choices, next step and state", () => {
    const { output, written } = streams()
    expect(renderError(error, output)).toBe(7)
    expect(written.err).toBe(
      "error: cannot write\n  at:    published/x\n  valid: a, b\n  next:  Do this.\n  state: Version 1 stays published.\n",
    )
  })

  test("of a configuration come all at once", () => {
    const { output, written } = streams()
    const problem = { line: 3, column: 5, path: "a", offence: "unknown key", choices: ["b"] }
    expect(
      renderError(
        new ConfigError("cartwright.yaml", [problem, { ...problem, line: 4, choices: [] }]),
        output,
      ),
    ).toBe(2)
    expect(written.err).toContain(
      "  cartwright.yaml:3:5  unknown key\n      valid: b\n  cartwright.yaml:4:5  unknown key\n",
    )
  })

  test("that nobody expected are bugs, with their stack", () => {
    const { output, written } = streams()
    expect(renderError(new TypeError("undefined is not a function"), output)).toBe(1)
    expect(written.err).toMatch(
      /This is a bug in Cartwright\. Please report it[^]*TypeError: undefined is not a function\n {4}at /,
    )
    const json = streams({ json: true })
    renderError(error, json.output)
    expect(JSON.parse(json.written.out)).toMatchObject({
      type: "result",
      ok: false,
      exitCode: 7,
      error: { code: "publish", place: "published/x" },
    })
  })
})

test("colours follow the terminal, NO_COLOR and FORCE_COLOR", () => {
  expect(wantsColor(true, {})).toBe(true)
  expect(wantsColor(false, {})).toBe(false)
  expect(wantsColor(true, { NO_COLOR: "1" })).toBe(false)
  expect(wantsColor(true, { TERM: "dumb" })).toBe(false)
  expect(wantsColor(false, { FORCE_COLOR: "1" })).toBe(true)
})

test("numbers, sizes and tables are written for people", () => {
  expect([
    count(1_234_567),
    bytes(999),
    bytes(1500),
    bytes(45_000_000),
    duration(40),
    duration(1500),
    duration(90_000),
    rate(1000, 500),
  ]).toEqual(["1,234,567", "999 B", "1.5 kB", "45 MB", "40 ms", "1.5 s", "1 min 30 s", "2,000 rows/s"])
  expect(
    table(
      ["name", "n"],
      [
        ["a", "10"],
        ["Größe", "5"],
      ],
      [1],
    ),
  ).toEqual(["name    n", "─────  ──", "a      10", "Größe   5"])
  expect(
    columns(
      [
        ["a", "one two three"],
        ["bb", "four"],
      ],
      14,
    ),
  ).toBe("  a   one two\n      three\n  bb  four")
})

test("a load is told as a balance", () => {
  const landing = {
    source: "s",
    dataset: "d",
    status: "loaded",
    rowsRead: 1000,
    rowsLoaded: 10,
    rowsUnchanged: 985,
    rowsRejected: 5,
    rowsDeleted: 2,
  }
  expect(stepSummary("load", "done", { landings: [landing] })).toEqual([
    "loaded  rows read =  loaded +  unchanged +  rejected  deleted",
    "──────  ───────────  ────────  ───────────  ────────  ───────",
    "s.d           1,000        10          985         5        2",
  ])
  expect(stepSummary("load", "unchanged", { landings: [] })).toEqual([])
})
