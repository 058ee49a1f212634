import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { silentEffects } from "../../core/effects.ts"
import { type DbtOptions, parseEmbedded, runEmbedded } from "../dbt.ts"
import { options, project } from "../project.fixture.ts"

const FILES = {
  "models/a.sql":
    "{{ config(tags=[env_var('TEAM', 'none')], meta={'x': var('x', 1)}) }} {{ a_macro() }} select 1 as id",
  "models/b.sql": "select * from {{ ref('a') }}",
  "models/all.yml": `models: [{name: b, description: Bees, columns: [{name: id, data_tests: [not_null, unique]}]}]
macros: [{name: a_macro, description: Nothing}]`,
  "macros/a.sql": "{% macro a_macro() %}{% endmacro %}",
}

/** A project of which each parse happens at another hour, which what is kept keeps: `created_at` tells when it was parsed. */
function shop(files: Record<string, string> = FILES) {
  const folder = project(files)
  const file = join(folder, "parsed")
  let hour = 0
  const parsedAt = async ({ key = "k", ...more }: Partial<DbtOptions> & { key?: string } = {}) => {
    const effects = silentEffects({ now: () => new Date(Date.UTC(2026, 0, 1, ++hour)) })
    const store = { file, projectKey: key }
    const parsed = await parseEmbedded(options(folder, { effects, parseStore: store, ...more }))
    await parsed.database.close()
    const { created_at: at } = parsed.manifest.nodes.get("model.shop.a") ?? {}
    const fresh = new Date(Number(at) * 1000).getUTCHours() === parsed.startedAt.getUTCHours()
    return { parsed, fresh }
  }
  return { folder, file, parsedAt, isFresh: async (more = {}) => (await parsedAt(more)).fresh }
}

test("what was parsed is taken again, and is what parsing gives", async () => {
  const { folder, parsedAt } = shop()
  const first = await parsedAt()
  const second = await parsedAt()
  expect([first.fresh, second.fresh]).toEqual([true, false])
  expect(second.parsed.manifest).toStrictEqual(first.parsed.manifest)
  expect(second.parsed.macros.descriptions()).toEqual(first.parsed.macros.descriptions())
  expect(second.parsed.macros.descriptions().get("macro.shop.a_macro")).toMatchObject({
    description: "Nothing",
  })
  const run = await runEmbedded(options(folder), (await parsedAt()).parsed)
  expect(run.results.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "a success",
    "b success",
    "not_null_b_id pass",
    "unique_b_id pass",
  ])
})

test("it is parsed again where anything is another that it was parsed from", async () => {
  const { folder, isFresh } = shop()
  const environment = { TEAM: "red", OTHER: "1" }
  expect(await isFresh({ environment })).toBe(true)
  expect(await isFresh({ environment: { TEAM: "red", OTHER: "2" } })).toBe(false)
  const others: (Partial<DbtOptions> & { key?: string })[] = [
    { environment, key: "other files" },
    { environment: { TEAM: "blue" } },
    { environment: {} },
    { environment: {}, vars: { x: 2 } },
    { environment: {}, fullRefresh: true },
    { environment: {}, command: "test" },
    { environment: {}, threads: 3 },
  ]
  for (const other of others) {
    expect(await isFresh(other)).toBe(true)
    expect(await isFresh(other)).toBe(false)
  }
  const profiles = join(folder, "profiles.yml")
  writeFileSync(profiles, readFileSync(profiles, "utf8").replace("threads: 2", "threads: 2, schema: other"))
  expect(await isFresh()).toBe(true)
  expect(await isFresh()).toBe(false)
})

test("nothing is kept where the next parse may give something else, or has something to tell", async () => {
  const model = (text: string) => ({ ...FILES, "models/c.sql": text })
  const shops: Record<string, string>[] = [
    model("{{ config(enabled=run_started_at.hour < 24) }} select 1 as id"),
    model("{{ config(tags=[modules.datetime.datetime.now().strftime('%A')]) }} select 1 as id"),
    { ...FILES, "models/warned.yml": "models: [{name: missing}]" },
  ]
  for (const files of shops) {
    const { file, isFresh } = shop(files)
    await isFresh()
    expect(existsSync(file)).toBe(false)
    expect(await isFresh()).toBe(true)
  }
})

test("a package that the key does not cover is parsed each time", async () => {
  const { folder, file, isFresh } = shop()
  const beside = project({ "dbt_project.yml": "name: beside\n" })
  writeFileSync(join(folder, "packages.yml"), `packages: [{local: ${beside}}]`)
  await isFresh()
  expect(existsSync(file)).toBe(false)
})

test("a file that is damaged is not used", async () => {
  const { file, isFresh } = shop()
  await isFresh()
  const whole = readFileSync(file)
  for (const damage of [
    () => truncateSync(file, whole.length - 10),
    () => writeFileSync(file, ""),
    () => writeFileSync(file, Buffer.from(whole).fill(0, 500, 510)),
  ]) {
    damage()
    expect(await isFresh()).toBe(true)
    expect(await isFresh()).toBe(false)
  }
})
