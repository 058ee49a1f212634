import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { analyticsFolder } from "./installation.ts"
import { checkProjectScreens } from "./screens.ts"

/** A shop's dbt project with the package. */
function project(vars = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-screens-"))
  cpSync(join(analyticsFolder(), "models"), join(folder, "packages", "cartwright", "models"), {
    recursive: true,
  })
  mkdirSync(join(folder, "models"))
  writeFileSync(join(folder, "dbt_project.yml"), `name: shop\nvars:\n  top_n: 10\n${vars}`)
  return folder
}

const thelook = (folder: string) =>
  join(folder, "packages", "cartwright", "models", "silver", "thelook", "_thelook__models.yml")

test("the screens of the package are sound, and a shop may say otherwise of them", () => {
  expect(() => checkProjectScreens(project())).not.toThrow()
  const vars = `  screens:
    thelook.orders.shipped_after_created: {action: reject}
    thelook.users.age_plausible: {max: 110}
    thelook.users.age_readable: {action: reject}
    thelook.orders.user_exists: {action: stop}
`
  expect(() => checkProjectScreens(project(vars))).not.toThrow()
})

test.each([
  [
    "thelook.orders.shiped_after_created: {action: reject}",
    /no screen "thelook.orders.shiped_after_created"; did you mean/,
  ],
  ["thelook.orders.user_exists: {action: reject}", /cannot reject/],
  ["thelook.users.age_plausible: {maximum: 110}", /has no "maximum"/],
  ["thelook.users.age_readable: {max: 110}", /own screen has no "max"/],
])("%s is told with its line", (line, offence) => {
  const folder = project(`  screens:\n    ${line}\n`)
  expect(() => checkProjectScreens(folder)).toThrow(
    expect.objectContaining({
      code: "config",
      message: expect.stringMatching(offence) as string,
      place: expect.stringMatching(/dbt_project.yml:5:\d+$/) as string,
    }),
  )
})

test("a declaration that is wrong is told with file, line and choices", () => {
  const folder = project()
  const file = thelook(folder)
  const text = readFileSync(file, "utf8").replace("kind: range, column: age", "kind: rnge, column: age")
  writeFileSync(file, text)
  const line = text.split("\n").findIndex((each) => each.includes("kind: rnge")) + 1
  expect(() => checkProjectScreens(folder)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('"rnge" is no kind of screen here; did you mean "range"?') as string,
      place: expect.stringContaining(`_thelook__models.yml:${line}:`) as string,
      choices: expect.arrayContaining(["range", "not_null"]) as string[],
    }),
  )
})
