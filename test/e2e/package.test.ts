import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { temporaryFolder } from "./lib/cli.ts"
import { writeOnlineRetail } from "./lib/online-retail.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const built = existsSync(join(root, "dist", "cli", "main.js"))

// `npm test` builds first; a test run on its own may have nothing to pack.
test.skipIf(!built)(
  "the packed package installs elsewhere and makes a shop there (needs a build)",
  { timeout: 240_000 },
  () => {
    const home = temporaryFolder()
    const run = (command: string, args: string[], cwd = home) =>
      spawnSync(command, args, { cwd, encoding: "utf8" })
    const packed = run("npm", ["pack", "--pack-destination", home, "--silent"], root)
    expect(packed.status, packed.stderr).toBe(0)
    const tarball = readdirSync(home).find((name) => name.endsWith(".tgz")) ?? ""
    const place = join(home, "elsewhere")
    mkdirSync(place)
    writeFileSync(join(place, "package.json"), '{"private": true}\n')
    const installed = run(
      "npm",
      ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", join(home, tarball)],
      place,
    )
    expect(installed.status, installed.stderr).toBe(0)
    const cartwright = (...args: string[]) => run(join(place, "node_modules", ".bin", "cartwright"), args)
    expect(cartwright("--help").stdout).toMatch(/^Example:\n {2}cartwright init/)
    writeOnlineRetail(join(home, "files"))
    expect(cartwright("init", "files", "--dir", "shop").status).toBe(0)
    const ran = cartwright("run", "--dir", "shop")
    expect(ran.status, ran.stderr).toBe(0)
    const library = run(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { openShop } from "cartwright"; console.log(openShop("${join(home, "shop")}", "/").config.shop.name)`,
      ],
      place,
    )
    expect(library.stdout + library.stderr).toBe("shop\n")
  },
)
