import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { cartwright, resultOf, start, temporaryFolder } from "./lib/cli.ts"
import { LINES, writeOnlineRetail } from "./lib/online-retail.ts"
import { currentVersion } from "./lib/published.ts"

describe("the command line", () => {
  test("answers an unknown command or option with the likely one, exit code 2", async () => {
    const command = await cartwright(["rnu"])
    expect(command).toMatchObject({ code: 2, stdout: "" })
    expect(command.stderr).toContain("error: there is no command rnu; did you mean run?")
    const option = await cartwright(["run", "--full-refesh", "--json"])
    expect(option).toMatchObject({ code: 2, stderr: "" })
    expect(resultOf(option)).toMatchObject({
      ok: false,
      exitCode: 2,
      error: { code: "usage", message: expect.stringContaining("--full-refresh") },
    })
  })

  test("shows its help and version, and knows a place without a shop", async () => {
    expect((await cartwright([])).stdout).toMatch(/^Example:\n {2}cartwright init /)
    expect((await cartwright(["run", "--help"])).stdout).toMatch(/^Example:\n {2}cartwright run /)
    expect((await cartwright(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const nowhere = await cartwright(["run"], { cwd: temporaryFolder() })
    expect(nowhere.code).toBe(2)
    expect(nowhere.stderr).toContain("there is no shop here")
    expect(nowhere.stderr).toContain("cartwright init")
  })

  test("uses colours only where they are wanted", async () => {
    expect((await cartwright(["rnu"], { env: { FORCE_COLOR: "1" } })).stderr).not.toContain("\u001B[")
    const plain = await cartwright(["rnu"], { env: { NO_COLOR: "1" } })
    expect(plain.stderr).not.toContain("\u001B[")
  })
})

describe("init", () => {
  test("says what is wrong with a folder, and writes nothing", async () => {
    const home = temporaryFolder()
    mkdirSync(join(home, "nothing"))
    mkdirSync(join(home, "binary"))
    writeFileSync(
      join(home, "binary", "photo.csv"),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1, 2, 0, 0, 3, 0, 255]),
    )
    const missing = await cartwright(["init", "nowhere", "--dir", "shop"], { cwd: home })
    expect(missing.stderr).toContain("error: the folder of files does not exist")
    const empty = await cartwright(["init", "nothing", "--dir", "shop"], { cwd: home })
    expect(empty.stderr).toContain("error: the folder holds no files")
    const binary = await cartwright(["init", "binary", "--dir", "shop"], { cwd: home })
    expect(binary.stderr).toMatch(/photo\.csv: the file is a JPEG image/)
    expect([missing.code, empty.code, binary.code]).toEqual([2, 2, 2])
    expect(() => readFileSync(join(home, "shop", "cartwright.yaml"))).toThrow("ENOENT")
  })
})

describe("a shop", () => {
  const home = temporaryFolder()
  const shop = join(home, "shop")
  const config = join(shop, "cartwright.yaml")
  let written = ""
  beforeAll(async () => {
    writeOnlineRetail(join(home, "files"))
    await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    written = readFileSync(config, "utf8")
  })
  const lineOf = (text: string, part: string) => text.split("\n").findIndex((line) => line.includes(part)) + 1

  test("tells every mistake in its configuration with line, offence and choices, exit code 2", async () => {
    const text = written.replace("engine: embedded", "engine: embeded").replace("keep: 5", "kep: 5")
    writeFileSync(config, text)
    const { code, stderr } = await cartwright(["run", "--dir", shop])
    expect(code).toBe(2)
    expect(stderr).toContain("error: 2 things are wrong in the configuration")
    expect(stderr).toContain(
      `${config}:${lineOf(text, "embeded")}:11  transform.engine is "embeded"; did you mean "embedded"?`,
    )
    expect(stderr).toContain("valid: embedded, dbt")
    expect(stderr).toContain(
      `${config}:${lineOf(text, "kep: 5")}:3  unknown key "kep" in publish; did you mean "keep"?`,
    )
    writeFileSync(config, written)
  })

  test("tells a wrong path with its line and the folders that are there", async () => {
    const text = written.replace("path: ../files", "path: ../flies")
    writeFileSync(config, text)
    const { code, stderr } = await cartwright(["run", "--dir", shop])
    expect(code).toBe(2)
    expect(stderr).toContain("does not exist: " + join(home, "flies"))
    expect(stderr).toContain('did you mean "files"?')
    expect(stderr).toContain(`${config}:${lineOf(text, "../flies")}:13`)
    writeFileSync(config, written)
  })

  test("knows its sources", async () => {
    const { code, stderr } = await cartwright(["run", "--dir", shop, "--source", "online_retial"])
    expect(code).toBe(2)
    expect(stderr).toContain('no source or data set "online_retial"; did you mean "online_retail"?')
    const time = await cartwright(["run", "--dir", shop, "--as-of", "yesterday"])
    expect(time.stderr).toContain('"yesterday" is no time')
  })

  test("does its steps one by one, and each refuses what the one before has not done", async () => {
    const early = await cartwright(["publish", "--dir", shop])
    expect(early.code).toBe(10)
    expect(early.stderr).toContain("No version is published yet.")
    const nothing = await cartwright(["transform", "--dir", shop])
    expect(nothing.code).toBe(5)
    expect(nothing.stderr).toContain("no data set has been loaded yet")
    for (const step of ["extract", "load", "transform", "publish"]) {
      const { code, stderr } = await cartwright([step, "--dir", shop])
      expect(code, stderr).toBe(0)
    }
    expect(currentVersion(shop)).toMatch(/^0001-/)
    expect((await cartwright(["run", "--dir", shop])).stdout).toContain("Nothing changed")
  })

  test("publishes nothing where a test fails (6) or a model breaks (5); the version before stays", async () => {
    const version = currentVersion(shop)
    const model = join(shop, "dbt", "models", "own.sql")
    const yaml = join(shop, "dbt", "models", "own.yml")
    writeFileSync(model, "select 1 as id union all select 1")
    writeFileSync(
      yaml,
      "version: 2\nmodels:\n  - name: own\n    columns:\n      - name: id\n        data_tests: [unique]\n",
    )
    const failing = await cartwright(["run", "--dir", shop])
    expect(failing.code).toBe(6)
    expect(failing.stderr).toContain("error: 1 test failed: unique_own_id (1 record)")
    expect(failing.stderr).toContain(`Nothing was published. Version ${version} stays published.`)
    expect((await cartwright(["publish", "--dir", shop])).code).toBe(10)
    writeFileSync(model, "select no_such_column from {{ ref('fact_sales') }}")
    const broken = await cartwright(["run", "--dir", shop, "--json"])
    expect(broken.code).toBe(5)
    expect(resultOf(broken)).toMatchObject({
      error: { code: "transform", message: expect.stringContaining("own") },
    })
    expect(currentVersion(shop)).toBe(version)
    writeFileSync(model, "{{ config(schema='marts') }}select 1 as id")
    expect((await cartwright(["run", "--dir", shop])).code).toBe(0)
    expect(currentVersion(shop)).toMatch(/^0002-/)
  })

  test("has one writer at a time: the second is told who holds it, exit code 8", async () => {
    writeOnlineRetail(join(home, "files"), [...LINES, ...LINES])
    const first = start(["run", "--dir", shop, "--json"])
    await first.saw(/"step":"extract"/)
    const second = await cartwright(["run", "--dir", shop])
    const status = await cartwright(["status", "--dir", shop])
    expect(second.code).toBe(8)
    expect(second.stderr).toContain(`another run holds the shop: cartwright run (run `)
    expect(second.stderr).toContain(`process ${first.child.pid} on `)
    expect(status.code).toBe(0)
    expect(status.stdout).toContain("running    cartwright run")
    expect((await first.ended).code).toBe(0)
  })

  test("on a full disk says so, exit code 9, and goes on once there is space", async () => {
    const version = currentVersion(shop)
    writeOnlineRetail(join(home, "files"), Array.from({ length: 300 }, () => LINES).flat())
    // No file may grow beyond 128 kB: what a full disk is to a program.
    const full = await cartwright(["run", "--dir", shop], { shell: "ulimit -f 128" })
    expect(full.code, full.stderr).toBe(9)
    expect(full.stderr).toMatch(/error: the disk is full/)
    expect(full.stderr).toContain(`Version ${version} stays published.`)
    const after = await cartwright(["run", "--dir", shop])
    expect(after.code, after.stderr).toBe(0)
    expect(currentVersion(shop)).not.toBe(version)
  })

  test("refuses a lake that a newer version wrote, exit code 3, and leaves it alone", async () => {
    const file = join(shop, "lake", "lake.json")
    const before = readFileSync(file, "utf8")
    writeFileSync(file, before.replace('"lakeVersion": 1', '"lakeVersion": 2'))
    const { code, stderr } = await cartwright(["run", "--dir", shop])
    expect(code).toBe(3)
    expect(stderr).toContain("written by a newer version of Cartwright")
    expect(stderr).toContain("Upgrade Cartwright")
    writeFileSync(file, before)
    expect((await cartwright(["run", "--dir", shop])).stdout).toContain("Nothing changed")
  })

  test.skipIf(process.getuid?.() === 0)(
    "without permission says so, exit code 9 (root has every permission)",
    async () => {
      chmodSync(join(shop, "runs"), 0o500)
      const { code, stderr } = await cartwright(["run", "--dir", shop])
      chmodSync(join(shop, "runs"), 0o700)
      expect(code).toBe(9)
      expect(stderr).toContain("permission")
    },
  )
})
