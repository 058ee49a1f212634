import type { User, UserFile } from "../../server/access/user-file.ts"
import type { Command, CommandContext, CommandInput } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"
import { usageError } from "../parse.ts"
import { readPassword } from "../terminal/password.ts"
import { table } from "../terminal/text.ts"
import { CartwrightError, nearest } from "../../core/errors.ts"

const ACTIONS = ["add", "list", "remove", "password", "token"] as const
const ROLES = ["viewer", "admin"] as const
const DAY = 86_400_000

export const users: Command = {
  name: "users",
  summary: "Says who may sign in to the dashboard from other machines.",
  examples: [
    [
      "cartwright users add anna --role admin",
      "Asks for Anna's password; the role is viewer without --role.",
    ],
    ["cartwright users token anna --days 90", "Makes a token for a program that asks as Anna does."],
    ["cartwright users remove anna", "Ends her access, at once."],
  ],
  description: [
    "`cartwright serve` asks people to sign in with --host or --public-url. A viewer sees no personal data (columns with `meta: {pii: true}`) and changes nothing; an admin may do both. docs/serving.md says more.",
    "Passwords are asked for, or read from standard input where that is no terminal. They are kept as scrypt hashes in access.json of the shop, which git leaves out. A new password ends all sessions of its user.",
  ],
  words: [
    { name: "action", help: "What to do.", required: true, choices: ACTIONS },
    { name: "name", help: "Whose access; not for list.", required: false },
  ],
  options: {
    dir: SHOP_OPTION,
    role: { value: "ROLE", choices: ROLES, help: "For add: viewer or admin. Without it: viewer." },
    days: { value: "N", help: "For token: how long it holds. Without it: 365." },
    revoke: { help: "For token: ends all tokens of the user in place of making one." },
  },
  async run(input, context) {
    const [action, name] = input.words
    if ((action === "list") !== (name === undefined))
      throw usageError(
        users,
        `cartwright users ${action ?? ""} ${name === undefined ? "needs a name" : "takes no name"}`,
      )
    const { openShop } = await import("../../project/shop.ts")
    const { UserFile } = await import("../../server/access/user-file.ts")
    const file = new UserFile(openShop(input.text("dir"), context.workingDirectory).folder)
    if (name === undefined) return list(file, context)
    const done = await (action === "add"
      ? add(file, name, input, context)
      : action === "remove"
        ? remove(file, name)
        : action === "password"
          ? changePassword(file, name, context)
          : token(file, name, input, context))
    context.output.print(done.line)
    context.output.result({ ok: true, exitCode: 0, command: `users ${action ?? ""}`, ...done.result })
    return 0
  },
}

interface Done {
  line: string
  result: Record<string, unknown>
}

function list(file: UserFile, { output, effects }: CommandContext): number {
  const now = effects.now().getTime()
  const rows = Object.entries(file.users().users).map(([name, { role, tokens }]) => ({
    name,
    role,
    tokens: tokens.filter(({ expires }) => Date.parse(expires) > now).length,
  }))
  const lines = table(
    ["name", "role", "tokens"],
    rows.map(({ name, role, tokens }) => [name, role, String(tokens)]),
    [2],
  )
  if (rows.length === 0) output.print("Nobody may sign in yet: `cartwright users add <name> --role admin`.")
  else for (const line of lines) output.print(line)
  output.result({ ok: true, exitCode: 0, command: "users list", users: rows })
  return 0
}

async function add(
  file: UserFile,
  name: string,
  input: CommandInput,
  context: CommandContext,
): Promise<Done> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u.test(name))
    throw new CartwrightError(
      "usage",
      `${name} cannot be a name: letters, digits, and . _ @ + - after the first`,
      {
        choices: ["anna", "anna@example.com"],
        state: "Nothing was changed.",
      },
    )
  if (Object.hasOwn(file.users().users, name))
    throw new CartwrightError("usage", `there is a user ${name} already`, {
      next: `Change the password with \`cartwright users password ${name}\`, or remove the user first.`,
      state: "Nothing was changed.",
    })
  const role = (input.text("role") as User["role"] | undefined) ?? "viewer"
  file.write(name, { role, password: await askedPassword(context), tokens: [] })
  return { line: `${name} may sign in as ${role}.`, result: { name, role } }
}

function remove(file: UserFile, name: string): Done {
  userOf(file, name)
  file.write(name, undefined)
  return { line: `${name} may no longer sign in.`, result: { name } }
}

async function changePassword(file: UserFile, name: string, context: CommandContext): Promise<Done> {
  userOf(file, name)
  const password = await askedPassword(context)
  file.write(name, { ...userOf(file, name), password })
  return { line: `${name} has a new password; all sessions have ended.`, result: { name } }
}

async function token(
  file: UserFile,
  name: string,
  input: CommandInput,
  { output, effects }: CommandContext,
): Promise<Done> {
  const user = userOf(file, name)
  if (input.has("revoke")) {
    file.write(name, { ...user, tokens: [] })
    return { line: `${name} has no tokens any more.`, result: { name } }
  }
  const days = input.number("days") ?? 365
  if (!(days > 0 && days <= 3650)) throw usageError(users, "--days is between 1 and 3650")
  const { newToken } = await import("../../server/access/credentials.ts")
  const expires = new Date(effects.now().getTime() + days * DAY)
  const made = newToken(expires)
  file.write(name, { ...user, tokens: [...user.tokens, made.kept] })
  output.note(`It holds until ${expires.toISOString().slice(0, 10)} and is not shown again. Send it as`)
  output.note("  Authorization: Bearer <token>")
  return { line: made.token, result: { name, token: made.token, expires: expires.toISOString() } }
}

function userOf(file: UserFile, name: string): User {
  const { users: all } = file.users()
  const user = Object.hasOwn(all, name) ? all[name] : undefined
  if (user !== undefined) return user
  const near = nearest(name, Object.keys(all))
  throw new CartwrightError(
    "usage",
    `there is no user ${name}${near === undefined ? "" : `; did you mean ${near}?`}`,
    { choices: Object.keys(all), state: "Nothing was changed." },
  )
}

async function askedPassword({ output }: CommandContext): Promise<string> {
  const { checkPassword } = await import("../../server/access/credentials.ts")
  const { hashed } = await import("../../server/access/passwords.ts")
  const password = await readPassword(output)
  checkPassword(password)
  return hashed(password)
}
