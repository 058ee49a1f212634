import { describe, expect, test } from "vitest"
import { CartwrightError } from "../core/errors.ts"
import type { Command } from "./command.ts"
import { commandHelp, programHelp } from "./help.ts"
import { GLOBAL_OPTIONS } from "./options.ts"
import { parseInput } from "./parse.ts"
import { cliReference } from "./reference.ts"
import { allCommands, COMMANDS } from "./registry.ts"

const commands = await allCommands()

test("docs/cli.md is what the commands declare (npx vitest run src/cli -u)", async () => {
  await expect(cliReference(commands)).toMatchFileSnapshot("../../docs/cli.md")
})

describe.each(commands.map((command) => [command.name, command] as const))("%s", (name, command) => {
  test("is registered under its name and its help opens with a runnable example", () => {
    expect(COMMANDS[name]).toBeDefined()
    expect(commandHelp(command)).toMatch(new RegExp(`^Example:\n  cartwright ${name} ?`))
    expect(programHelp(commands)).toContain(command.summary)
  })

  test("every option is explained and clashes with none of the program's", () => {
    for (const [option, { help }] of Object.entries(command.options)) {
      expect(help, option).toMatch(/^[A-Z].+\.$/s)
      expect(Object.keys(GLOBAL_OPTIONS)).not.toContain(option)
    }
    const letters = [...Object.values(command.options), ...Object.values(GLOBAL_OPTIONS)].flatMap(
      ({ short }) => short ?? [],
    )
    expect(new Set(letters).size).toBe(letters.length)
  })

  test("its examples are valid", () => {
    for (const [example] of command.examples) {
      const words = example
        .replaceAll(/'([^']*)'/g, "$1")
        .split(" ")
        .slice(2)
      expect(() => parseInput(command, words), example).not.toThrow()
    }
  })
})

describe("reading the command line", () => {
  const command: Command = {
    name: "sample",
    summary: "",
    examples: [],
    description: [],
    words: [{ name: "what", help: "What.", required: true, choices: ["build", "run"] }],
    options: {
      select: { value: "NODES", short: "s", multiple: true, greedy: true, help: "" },
      engine: { value: "ENGINE", choices: ["embedded", "dbt"], help: "" },
      threads: { value: "N", help: "" },
      fresh: { help: "" },
    },
    run: async () => 0,
  }
  const offence = (...args: string[]) => {
    try {
      parseInput(command, args)
    } catch (error) {
      if (error instanceof CartwrightError) return `${error.code}: ${error.message}`
      throw error
    }
    return undefined
  }

  test("takes words, values, switches and greedy lists in any order", () => {
    const input = parseInput(command, [
      "build",
      "--select",
      "a",
      "b+",
      "--engine=dbt",
      "-s",
      "c",
      "--fresh",
      "--threads",
      "4",
    ])
    expect(input.words).toEqual(["build"])
    expect(input.texts("select")).toEqual(["a", "b+", "c"])
    expect(input.text("engine")).toBe("dbt")
    expect(input.has("fresh")).toBe(true)
    expect(input.number("threads")).toBe(4)
    expect(parseInput(command, ["--select", "a", "--fresh", "run"]).words).toEqual(["run"])
  })

  test("answers what is wrong with the likely right", () => {
    expect(offence("build", "--selct", "a")).toBe(
      "usage: cartwright sample has no option --selct; did you mean --select?",
    )
    expect(offence("build", "-z")).toBe("usage: cartwright sample has no option -z")
    expect(offence("biuld")).toBe("usage: cartwright sample has no biuld; did you mean build?")
    expect(offence()).toBe("usage: cartwright sample needs what: What.")
    expect(offence("build", "run")).toBe('usage: cartwright sample does not know what "run" is for')
    expect(offence("build", "--engine", "dbtt")).toBe('usage: --engine cannot be "dbtt"; did you mean dbt?')
    expect(offence("build", "--engine", "--fresh")).toBe("usage: --engine needs a value: --engine ENGINE")
    expect(offence("build", "--engine")).toBe("usage: --engine needs a value: --engine ENGINE")
    expect(offence("build", "--fresh=yes")).toBe('usage: --fresh takes no value, but it was given "yes"')
    expect(() => parseInput(command, ["build", "--threads", "many"]).number("threads")).toThrow(
      '--threads must be a number, but it is "many"',
    )
  })
})
