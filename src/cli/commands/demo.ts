import { existsSync, readdirSync, renameSync, rmSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import { isUnfinished } from "../../connectors/files/unfinished.ts"
import { CartwrightError } from "../../core/errors.ts"
import type { Command, CommandContext } from "../command.ts"

const MARKER = "cartwright.yaml"

export const demo: Command = {
  name: "demo",
  summary: "Generates a shop, runs the whole pipeline and prints the first answers.",
  examples: [
    ["cartwright demo", "Makes ./demo-shop, or runs it again where it is there."],
    ["cartwright demo --fresh --scale 1", "Makes it anew, with about 2.3 million events."],
  ],
  description: [
    "The shop is invented (see `cartwright generate`), everything else is as with real files: what you see here is what `cartwright init` and `cartwright run` do.",
  ],
  words: [],
  options: {
    dir: { value: "DIR", help: "The shop's folder. Without it: ./demo-shop." },
    scale: { value: "N", help: "Size of the shop: 1 makes about 2.3 million events. Without it: 0.2." },
    seed: { value: "N", help: "Another seed makes another shop. Without it: 1." },
    fresh: { help: "Removes the demo shop that is there and makes it anew." },
  },
  async run(input, context) {
    const { output, effects, workingDirectory, environment } = context
    const folder = resolve(workingDirectory, input.text("dir") ?? "demo-shop")
    const here = relative(workingDirectory, folder) || "."
    const started = effects.now().getTime()
    const made = await ensureShop(
      folder,
      here,
      input.has("fresh"),
      input.number("scale"),
      input.number("seed"),
      context,
    )
    const { openShop } = await import("../../project/shop.ts")
    const { runSteps } = await import("../../pipeline/run.ts")
    const { STEPS } = await import("../../pipeline/run-record.ts")
    const { stepSummary } = await import("../step-summary.ts")
    const shop = openShop(folder, workingDirectory)
    output.note(
      made
        ? "Running extract → load → transform → publish"
        : `The demo shop is there already (${here}); running what is new. --fresh makes it anew.`,
    )
    const outcome = await runSteps({
      shop,
      command: "cartwright demo",
      steps: STEPS,
      environment,
      effects,
      onStep: (name, result) => {
        output.end()
        for (const line of stepSummary(name, result.status, result.result)) output.print(line)
      },
    })
    const [problem] = outcome.problems
    if (problem !== undefined) throw problem
    const { answersOf, answerLines } = await import("../demo/answers.ts")
    const answers = await answersOf(shop.paths.published)
    output.end()
    for (const line of answerLines(answers, output.style)) output.print(line)
    const { closingLines } = await import("../demo/closing.ts")
    for (const line of closingLines(here, effects.now().getTime() - started, output.style)) output.print(line)
    output.result({
      ok: true,
      exitCode: 0,
      command: "demo",
      shop: folder,
      runId: outcome.runId,
      status: outcome.status,
      answers,
    })
    return 0
  },
}

/** @returns whether the shop was made now */
async function ensureShop(
  folder: string,
  here: string,
  fresh: boolean,
  scale: number | undefined,
  seed: number | undefined,
  { output, effects }: CommandContext,
): Promise<boolean> {
  const files = join(folder, "files")
  const removed = join(dirname(folder), `.${basename(folder)}.removed`)
  if (fresh && existsSync(folder)) {
    if (!isDemo(files) && !isEmpty(folder)) throw notOurs(folder)
    // At once, so that a removal that is broken off leaves no shop that lacks its beginning.
    rmSync(removed, { recursive: true, force: true })
    renameSync(folder, removed)
  }
  rmSync(removed, { recursive: true, force: true })
  // A demo that was stopped while it generated has files, and no configuration yet.
  if (existsSync(join(folder, MARKER))) {
    if (!isDemo(files)) throw notOurs(folder)
    return false
  }
  const { generateShop } = await import("../../generator/generate.ts")
  const { initShop } = await import("../../project/init/init.ts")
  output.note(`Generating an invented shop in ${join(here, "files")}`)
  await generateShop({ dir: files, scale: scale ?? 0.2, seed: seed ?? 1, effects })
  await initShop({ files, folder, name: "Demo shop" })
  return true
}

/** Whether it holds nothing, but for a folder of files that holds nothing. */
function isEmpty(folder: string): boolean {
  return readdirSync(folder).every((name) => name === "files" && readdirSync(join(folder, name)).length === 0)
}

/** Whether its files were generated, all of them or not. */
function isDemo(files: string): boolean {
  return existsSync(join(files, ".truth")) || isUnfinished(files)
}

function notOurs(folder: string): CartwrightError {
  return new CartwrightError("usage", "this folder is not a demo shop", {
    place: folder,
    next: "Name another folder with --dir, or run that shop with `cartwright run`.",
    state: "Nothing was changed.",
  })
}
