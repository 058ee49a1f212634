import { hostname, userInfo } from "node:os"
import type { AcceptedLanding, Waiting } from "../../pipeline/held.ts"
import type { Command, CommandContext, CommandInput } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"
import { usageError } from "../parse.ts"
import { table } from "../terminal/text.ts"

export const accept: Command = {
  name: "accept",
  summary: "Lists deliveries that are held, and accepts them.",
  examples: [
    ["cartwright accept --dir my-shop", "Lists what is held, why, and since when."],
    [
      "cartwright accept 0a1b2c3d4e5f60718293 --reason spring-cleaning",
      "Accepts one delivery; the next run takes what it misses as deleted.",
    ],
    ["cartwright accept --all", "Accepts all that are held."],
  ],
  description: [
    "A full delivery that misses too many records of the one before it (run.delete_guard) is loaded without deleting anything; a delivery whose columns changed is not loaded where the data set's schema says stop. While one is held, nothing is published and runs end with exit code 6.",
    "Accepting records who, when and why beside the delivery's manifest in the lake, once; accepting twice changes nothing. The next load or run applies it: deletes count from the delivery's own time, as if it had never been held.",
    "A delivery that was cut short is better delivered again: a later whole one settles the matter by itself.",
  ],
  words: [
    {
      name: "landing",
      help: "The delivery's id as the list shows it, or the beginning of it.",
      required: false,
    },
  ],
  options: {
    dir: SHOP_OPTION,
    all: { help: "Accepts all deliveries that are held." },
    reason: { value: "TEXT", help: "Why it is right, for those who look later." },
  },
  async run(input, context) {
    const { openShop } = await import("../../project/shop.ts")
    const { acceptLandings, waitingLandings } = await import("../../pipeline/held.ts")
    const shop = openShop(input.text("dir"), context.workingDirectory)
    const which = chosen(input)
    if (which === undefined) return list(await waitingLandings(shop), context)
    const accepted = await acceptLandings({
      shop,
      which,
      by: `${userName()}@${hostname()}`,
      reason: input.text("reason"),
      effects: context.effects,
    })
    return tell(accepted, context)
  },
}

/** In containers a user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`
  }
}

function chosen(input: CommandInput): readonly string[] | "all" | undefined {
  const [landing] = input.words
  if (landing !== undefined && input.has("all"))
    throw usageError(accept, "cartwright accept takes a landing or --all, not both")
  if (input.has("all")) return "all"
  if (landing !== undefined) return [landing]
  if (input.has("reason")) throw usageError(accept, "--reason needs a landing, or --all")
  return undefined
}

function list(held: readonly Waiting[], { output }: CommandContext): number {
  if (held.length === 0) output.print("Nothing is held.")
  else {
    const rows = held.map(({ landingId, source, dataset, asOf, heldSince, detail, accepted }) => [
      landingId,
      `${source}.${dataset}`,
      time(asOf),
      time(heldSince),
      accepted ? "accepted; the next run applies it" : detail,
    ])
    for (const line of table(["landing", "data set", "state of (UTC)", "held since", "why"], rows))
      output.print(line)
    if (held.some(({ accepted }) => !accepted))
      output.print(
        "\nNothing is published while these wait. If one is right: cartwright accept <landing> --reason TEXT; then cartwright run.\nIf one was cut short or exported wrongly: have it delivered again.",
      )
  }
  output.result({ ok: true, exitCode: 0, command: "accept", held })
  return 0
}

function tell(accepted: readonly AcceptedLanding[], { output }: CommandContext): number {
  if (accepted.length === 0) output.print("Nothing is held, so there is nothing to accept.")
  for (const { landingId, source, dataset, asOf, reason, first } of accepted) {
    const what =
      reason === "missing_keys" ? "what it misses is deleted as of then" : "it is loaded with its new columns"
    output.print(
      first
        ? `accepted · ${source}.${dataset} as of ${time(asOf)} (${landingId}): ${what}, with the next load`
        : `${source}.${dataset} as of ${time(asOf)} (${landingId}) had been accepted before; nothing was changed`,
    )
  }
  output.result({ ok: true, exitCode: 0, command: "accept", accepted })
  return 0
}

function time(iso: string): string {
  return iso.slice(0, 16).replace("T", " ")
}
