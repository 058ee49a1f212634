import { hostname, networkInterfaces } from "node:os"
import { CartwrightError } from "../../core/errors.ts"
import { type Role, UserFile } from "./user-file.ts"

/** Where the server is reached, and whether one must sign in there. */
export interface Door {
  /** What it listens on. */
  host: string
  /** What browsers may call it, as in the Host header; filled when it listens. */
  hosts: string[]
  /** The address that people use where a proxy stands before it. */
  publicUrl: URL | undefined
  /** Who may sign in; undefined where nobody needs to: on this machine. */
  users: UserFile | undefined
  /** What they are then. */
  role: Role
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"]
const EVERYWHERE = ["0.0.0.0", "::"]

/**
 * @param folder the shop's
 * @throws CartwrightError `usage` where one must sign in and nobody can, or the address is none
 */
export function doorOf(folder: string, host: string, publicUrl: string | undefined): Door {
  const isLocal = LOOPBACK.includes(host) && publicUrl === undefined
  const users = isLocal ? undefined : new UserFile(folder)
  if (users !== undefined && Object.keys(users.users().users).length === 0)
    throw new CartwrightError("usage", "others could reach this address, and nobody may sign in yet", {
      place: users.path,
      next: "Add somebody: `cartwright users add <name> --role admin`.",
      state: "Nothing is served.",
    })
  return {
    host,
    hosts: [],
    publicUrl: publicUrl === undefined ? undefined : urlOf(publicUrl),
    users,
    role: "admin",
  }
}

/** The names by which a listening server may be called. */
export function namesOf({ host, publicUrl }: Door, port: number): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const names = LOOPBACK.includes(host)
    ? LOOPBACK
    : EVERYWHERE.includes(host)
      ? [...LOOPBACK, ...interfaces.map(({ address }) => address), hostname()]
      : [host, hostname()]
  const own = names.map((name) => `${bracketed(name)}:${port}`)
  // Browsers leave out the port that everybody knows.
  const short = port === 80 ? names.map(bracketed) : []
  return [...own, ...short, ...(publicUrl === undefined ? [] : [publicUrl.host])]
}

/** The address to open on this machine. */
export function addressOf({ host }: Door, port: number): string {
  return `http://${bracketed(EVERYWHERE.includes(host) ? "127.0.0.1" : host)}:${port}/`
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "")
    return url
  throw new CartwrightError("usage", `--public-url must be an address without a path, but it is ${text}`, {
    choices: ["https://numbers.example.com"],
    next: "Give the shop a host name of its own: the page does not work below a path.",
    state: "Nothing is served.",
  })
}
