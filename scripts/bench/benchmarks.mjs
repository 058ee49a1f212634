import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../lib/run.mjs"
import { copyToDisk, dayAfter, deliveries } from "./day.mjs"
import { hundredModels } from "./hundred-models.mjs"
import { interleave, measure } from "./measure.mjs"
import { uploads } from "./upload.mjs"

const cartwright = join(root, "dist", "cli", "main.js")
const engine = (...parts) => join(root, ".engines", ...parts)
const cli = (args, options) => measure("node", [cartwright, ...args], options)
const seconds = ({ seconds, minimum, maximum }) =>
  `${seconds.toFixed(2)} s (${minimum.toFixed(2)}–${maximum.toFixed(2)})`
const gibibytes = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`

const SHOP = {
  init: (files, dir) => cli(["init", files, "--dir", dir]),
  run: (dir) => cli(["run"], { cwd: dir }),
}

/** Each: what it compares, and a function that gives rows of { name, figure, bar?, met? }. */
export const BENCHMARKS = {
  full: {
    what: "full run of a generated theLook shop at 2.4 M events, against one bare DuckDB script",
    async run({ home, rounds }) {
      const raw = await generated(home, 1)
      const shop = await freshShop(home, raw, "full")
      await cli(["run"], { cwd: shop })
      const { manifest, version, warehouse } = artifactsOf(shop)
      const bare = () =>
        measure(
          "node",
          [join(root, "scripts/bench/bare.mjs"), raw, manifest, version, warehouse, join(home, "bare")],
          {
            cwd: root,
          },
        )
      const result = await interleave(
        {
          cartwright: async () => cli(["run"], { cwd: await freshShop(home, raw, "full-measured") }),
          bare,
        },
        rounds,
      )
      const ratio = result.cartwright.seconds / result.bare.seconds
      return [
        {
          name: "cartwright run",
          figure: `${seconds(result.cartwright)}, peak ${gibibytes(result.cartwright.peak)}`,
        },
        { name: "bare script", figure: `${seconds(result.bare)}, peak ${gibibytes(result.bare.peak)}` },
        { name: "ratio", figure: `${ratio.toFixed(2)} ×`, bar: "≤ 1.25 ×", met: ratio <= 1.25 },
      ]
    },
  },

  unchanged: {
    what: "a run in which nothing changed, whole process, at 2.4 M events",
    async run({ home, rounds }) {
      const shop = await freshShop(home, await generated(home, 1), "unchanged")
      await cli(["run"], { cwd: shop })
      const result = await interleave({ unchanged: () => cli(["run"], { cwd: shop }) }, rounds)
      const { unchanged } = result
      return [
        { name: "cartwright run", figure: seconds(unchanged), bar: "≤ 1 s", met: unchanged.seconds <= 1 },
      ]
    },
  },

  runner: {
    what: "parse, compile and plan a dbt project of 100 models, whole process, against real dbt",
    async run({ home, rounds }) {
      const project = hundredModels(join(home, "hundred-models"))
      const args = ["compile", "--project-dir", project, "--profiles-dir", project]
      const subjects = { cartwright: () => cli(["dbt", ...args]) }
      if (existsSync(engine("dbt", "bin", "dbt"))) {
        subjects.dbt = () => measure(engine("dbt", "bin", "dbt"), [...args, "--no-partial-parse"])
      }
      const { cartwright: ours, dbt } = await interleave(subjects, rounds)
      return [
        { name: "cartwright dbt compile", figure: seconds(ours), bar: "≤ 0.25 s", met: ours.seconds <= 0.25 },
        ...(dbt
          ? [
              {
                name: "dbt compile",
                figure: `${seconds(dbt)}: ${(dbt.seconds / ours.seconds).toFixed(1)} × ours`,
              },
            ]
          : []),
      ]
    },
  },

  generator: {
    what: "generate a shop to CSV with planted effects and dirt, rows per second",
    async run({ home, rounds }) {
      const dir = join(home, "generated-measured")
      let rows = 0
      const result = await interleave(
        {
          generator: async () => {
            rmSync(dir, { recursive: true, force: true })
            const run = await cli(["generate", "--dir", dir, "--scale", "1", "--seed", "7", "--dirt"])
            rows ||= rowsIn(dir)
            return run
          },
        },
        rounds,
      )
      const perSecond = rows / result.generator.seconds
      return [
        {
          name: "generate --scale 1 --dirt",
          figure: `${rows.toLocaleString("en")} rows in ${seconds(result.generator)}, peak ${gibibytes(result.generator.peak)}`,
        },
        {
          name: "rate",
          figure: `${Math.round(perSecond / 1000)} k rows/s`,
          bar: "≥ 500 k rows/s",
          met: perSecond >= 500_000,
        },
      ]
    },
  },

  peer: {
    what: "full run against dlt (DuckDB and Arrow) + real dbt with the same models, at 2.4 M and 100 k events",
    async run({ home, rounds }) {
      const rows = []
      for (const [scale, label, bar] of [
        [1, "2.4 M", 1.25],
        [1 / 24, "100 k", 4],
      ]) {
        const raw = await generated(home, scale)
        const shop = await freshShop(home, raw, "peer-models")
        await cli(["run"], { cwd: shop })
        const result = await interleave(
          {
            cartwright: async () => cli(["run"], { cwd: await freshShop(home, raw, "peer-measured") }),
            peer: () => peer("full", raw, join(home, "peer"), join(shop, "dbt")),
          },
          rounds,
        )
        const ratio = result.peer.seconds / result.cartwright.seconds
        rows.push(
          { name: `cartwright, ${label} events`, figure: seconds(result.cartwright) },
          { name: `dlt + dbt, ${label} events`, figure: seconds(result.peer) },
          { name: "ratio", figure: `${ratio.toFixed(2)} × faster`, bar: `≥ ${bar} ×`, met: ratio >= bar },
        )
      }
      return rows
    },
  },

  "peer-day": {
    what: "a day that brings 1 % of 2.4 M events in order, against dlt (appending) + real dbt (incremental, its parsed project kept)",
    async run({ home, rounds }) {
      const both = await deliveries(home, await generated(home, 1), "inOrder")
      const ours = await dayAfter(home, "peer", both, SHOP)
      const [working, before] = [join(home, "peer-day"), join(home, "peer-day-before")]
      await peer("full", both.first, working, join(home, "shop-day-peer", "dbt"))
      rmSync(before, { recursive: true, force: true })
      renameSync(working, before)
      const result = await interleave(
        {
          cartwright: ours,
          peer: async () => {
            rmSync(working, { recursive: true, force: true })
            copyToDisk(before, working)
            return peer("next", both.second, working)
          },
        },
        rounds,
      )
      const ratio = result.peer.seconds / result.cartwright.seconds
      return [
        { name: "cartwright run", figure: seconds(result.cartwright) },
        { name: "dlt + dbt", figure: seconds(result.peer) },
        { name: "ratio", figure: `${ratio.toFixed(2)} × faster`, bar: "≥ 4 ×", met: ratio >= 4 },
      ]
    },
  },

  day: {
    what: "a day that brings 1 % of 2.4 M events, against a full run: in order, late rows of all months, and as a snapshot of everything",
    async run({ home, rounds }) {
      const raw = await generated(home, 1)
      const subjects = { full: async () => SHOP.run(await freshShop(home, raw, "day-full")) }
      for (const kind of ["inOrder", "late", "snapshot"]) {
        const both = await deliveries(home, raw, kind)
        subjects[kind] = await dayAfter(home, kind, both, SHOP)
        if (kind !== "snapshot") continue
        const diff = (...args) => measure("node", [join(root, "scripts/bench/bare-diff.mjs"), ...args])
        const kept = join(home, "bare-diff.duckdb")
        rmSync(kept, { force: true })
        await diff(both.first, "-", kept)
        subjects.diff = () => diff(both.first, both.second, kept)
      }
      const { full, inOrder, late, snapshot, diff } = await interleave(subjects, rounds)
      const share = (part) => part.seconds / full.seconds
      const percent = (value) => `${(value * 100).toFixed(0)} % of a full run`
      const most = inOrder.seconds + 1.25 * diff.seconds
      return [
        { name: "full run", figure: seconds(full) },
        {
          name: "new rows in order",
          figure: `${seconds(inOrder)}: ${percent(share(inOrder))}`,
          bar: "≤ 12 %",
          met: share(inOrder) <= 0.12,
        },
        {
          name: "late rows of all months",
          figure: `${seconds(late)}: ${percent(share(late))}`,
          bar: "≤ 30 %",
          met: share(late) <= 0.3,
        },
        { name: "bare read and hash diff", figure: seconds(diff) },
        {
          name: "full snapshot",
          figure: seconds(snapshot),
          bar: `≤ in order + 1.25 × bare = ${most.toFixed(2)} s`,
          met: snapshot.seconds <= most,
        },
      ]
    },
  },

  memory: {
    what: "peak memory and time per event of one full run at 20 M events (minutes; about 15 GB of disk)",
    async run({ home }) {
      const rows = []
      const perEvent = {}
      for (const [scale, label] of [
        [1 / 2.4, "1 M"],
        [20 / 2.4, "20 M"],
      ]) {
        const raw = await generated(home, scale)
        const shop = await freshShop(home, raw, "memory")
        const config = join(shop, "cartwright.yaml")
        writeFileSync(
          config,
          readFileSync(config, "utf8").replace("# memory_limit: 2GB", "memory_limit: 2GB"),
        )
        const run = await cli(["run"], { cwd: shop })
        perEvent[label] = run.seconds / scale
        const limit = label === "20 M"
        rows.push({
          name: `${label} events`,
          figure: `${run.seconds.toFixed(1)} s, peak ${gibibytes(run.peak)}`,
          ...(limit ? { bar: "≤ 4 GiB", met: run.peak <= 4 * 2 ** 30 } : {}),
        })
      }
      const growth = perEvent["20 M"] / perEvent["1 M"]
      rows.push({
        name: "time per event, 20 M over 1 M",
        figure: `${growth.toFixed(2)} ×`,
        bar: "≤ 1.5 ×",
        met: growth <= 1.5,
      })
      return rows
    },
  },

  upload: {
    what: "a file of 2 GiB loaded into BigQuery, whole process, against a server that takes the bytes and forgets them",
    async run({ home }) {
      return Object.entries(await uploads(home)).map(([way, { seconds, peak }]) => ({
        name: way,
        figure: `${seconds.toFixed(1)} s, peak ${gibibytes(peak)}`,
        bar: "≤ 0.5 GiB",
        met: peak <= 2 ** 29,
      }))
    },
  },
}

export const DEFAULT_BENCHMARKS = ["full", "unchanged", "day", "runner", "generator", "peer", "peer-day"]

/** Runs the peer. @param project the shop's dbt project, for `full` */
function peer(kind, folder, working, ...project) {
  return measure(engine("dlt", "bin", "python"), [
    join(root, "scripts/bench/peer.py"),
    kind,
    folder,
    working,
    engine("dbt", "bin", "dbt"),
    ...project,
  ])
}

/** A generated shop's files, kept between benchmarks. */
async function generated(home, scale) {
  const dir = join(home, `raw-${Math.round(scale * 2_400_000)}`)
  if (!existsSync(join(dir, ".truth", "truth.json"))) {
    rmSync(dir, { recursive: true, force: true })
    await cli(["generate", "--dir", dir, "--scale", String(scale), "--seed", "7"])
  }
  return dir
}

async function freshShop(home, raw, name) {
  const shop = join(home, `shop-${name}`)
  rmSync(shop, { recursive: true, force: true })
  await cli(["init", raw, "--dir", shop])
  return shop
}

function artifactsOf(shop) {
  const runs = join(shop, "runs")
  const manifest = readdirSync(runs)
    .sort()
    .map((run) => join(runs, run, "dbt", "manifest.json"))
    .findLast(existsSync)
  return {
    manifest,
    version: join(shop, "published", readFileSync(join(shop, "published", "current"), "utf8").trim()),
    warehouse: join(shop, "warehouse.duckdb"),
  }
}

function rowsIn(dir) {
  let rows = 0
  for (const entry of readdirSync(dir, { recursive: true })) {
    const path = join(dir, String(entry))
    if (!path.endsWith(".csv") || !statSync(path).isFile()) continue
    const content = readFileSync(path)
    for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) rows += 1
    rows -= 1
  }
  return rows
}
