import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { run } from "./run.mjs"

/** What a slim image leaves out. */
const LEFT_OUT = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "var/lib/apt/lists"]
const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"

/**
 * Makes `<folder>/rootfs`, a root file system like the one of Docker's Node images, of packages alone: Debian's minimum, Node and npm.
 * It trusts the certificates that this machine trusts. Needs root, debootstrap and a Debian machine.
 */
export async function makeImageBase(folder, { debian, node, npm }) {
  const rootfs = join(folder, "rootfs")
  const quiet = { stdio: ["ignore", "ignore", "inherit"] }
  await run("debootstrap", ["--variant=minbase", "--include=ca-certificates", debian, rootfs], quiet)
  for (const path of LEFT_OUT) rmSync(join(rootfs, path), { recursive: true, force: true })
  const debs = join(rootfs, "var", "cache", "apt")
  for (const entry of readdirSync(debs)) rmSync(join(debs, entry), { recursive: true })
  mkdirSync(join(debs, "archives", "partial"), { recursive: true })
  copyFileSync(`/${CERTIFICATES}`, join(rootfs, CERTIFICATES))

  const packages = join(folder, "packages")
  const nodePackage = `node-linux-${process.arch}`
  mkdirSync(packages)
  writeFileSync(join(packages, "package.json"), '{ "private": true }\n')
  const wanted = [`${nodePackage}@${node}`, `npm@${npm}`]
  const options = ["--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock", "--ignore-scripts"]
  await run("npm", ["install", "--prefix", packages, ...options, ...wanted])
  const local = join(rootfs, "usr", "local")
  copyFileSync(join(packages, "node_modules", nodePackage, "bin", "node"), join(local, "bin", "node"))
  cpSync(join(packages, "node_modules", "npm"), join(local, "lib", "node_modules", "npm"), {
    recursive: true,
  })
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin", "npm"))
  rmSync(packages, { recursive: true })
}
