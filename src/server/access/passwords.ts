import { randomBytes, scrypt, timingSafeEqual } from "node:crypto"

/** 64 MiB and some tenths of a second for each guess: one of the settings that OWASP names for scrypt. */
const COST = { N: 2 ** 16, r: 8, p: 2 }
const BYTES = 32

/** A password as it is kept: `scrypt$N$r$p$salt$hash`. */
export async function hashed(password: string): Promise<string> {
  const salt = randomBytes(16)
  const { N, r, p } = COST
  const hash = await derive(password, salt, COST)
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$")
}

/** Takes as long for a user that there is not, so that nobody learns which names there are. */
export async function matches(password: string, kept: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = "", hash = ""] = (kept ?? NOBODY).split("$")
  const derived = await derive(password, Buffer.from(salt, "base64url"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  const expected = Buffer.from(hash, "base64url")
  return derived.length === expected.length && timingSafeEqual(derived, expected) && kept !== undefined
}

const NOBODY = ["scrypt", COST.N, COST.r, COST.p, "AAAAAAAAAAAAAAAAAAAAAA", "A".repeat(43)].join("$")

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  // One text can be written in several ways in Unicode; keyboards differ.
  const text = password.normalize("NFKC")
  const maxmem = 256 * cost.N * cost.r
  return new Promise((done, failed) => {
    scrypt(text, salt, BYTES, { ...cost, maxmem }, (error, key) =>
      error === null ? done(key) : failed(error),
    )
  })
}
