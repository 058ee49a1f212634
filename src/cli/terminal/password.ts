import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import { CartwrightError } from "../../core/errors.ts"
import type { Output } from "./output.ts"

/** A password: from a person, twice and unseen; else the first line of standard input. */
export async function readPassword(output: Output): Promise<string> {
  const { stdin } = process
  if (!stdin.isTTY) return line(stdin, false)
  output.error("Password: ")
  const first = await line(stdin, true)
  output.error("Once more: ")
  if ((await line(stdin, true)) === first) return first
  throw new CartwrightError("usage", "the two passwords differ", { state: "Nothing was changed." })
}

function line(input: NodeJS.ReadStream, terminal: boolean): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output: unseen, terminal })
  return new Promise((done, failed) => {
    reader.once("line", (text) => {
      done(text)
      reader.close()
    })
    reader.once("SIGINT", () => {
      failed(new CartwrightError("interrupted", "stopped on request", { state: "Nothing was changed." }))
      reader.close()
    })
    reader.once("close", () =>
      failed(
        new CartwrightError("usage", "no password was given", {
          next: "Type it, or write it to standard input.",
          state: "Nothing was changed.",
        }),
      ),
    )
  })
}
