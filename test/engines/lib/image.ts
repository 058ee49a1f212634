import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const exec = promisify(execFile)
const BIGGEST_OUTPUT = 64 * 1024 * 1024

/** What an image says of how it is run, as Docker has it. */
export interface ImageConfig {
  User: string
  Env: string[]
  Entrypoint: string[]
  Cmd: string[]
  WorkingDir: string
  Volumes: Record<string, unknown>
  Healthcheck: { Test: string[] }
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Images in a folder of their own, built without a daemon. Needs root. */
export interface ImageBuilder {
  /** Makes an image of a folder's content. */
  importFolder(folder: string, name: string, env: Record<string, string>): Promise<void>
  /** @param context the folder of the Dockerfile's COPY */
  build(context: string, dockerfile: string, target: string, args: Record<string, string>): Promise<Image>
  remove(): Promise<void>
}

export interface Image {
  config: ImageConfig
  /** Of all files together. */
  bytes: number
  /** Runs a command as the image says, but on a read-only root file system, without rights and without a network. @param volume the folder that is /shop */
  run(volume: string, command: readonly string[]): Promise<Ended>
}

export function imageBuilder(buildah: string): ImageBuilder {
  const home = mkdtempSync(join(tmpdir(), "cartwright-images-"))
  const call = async (command: string, args: readonly string[]) => {
    const places = ["--root", join(home, "storage"), "--runroot", join(home, "run")]
    const { stdout } = await exec(buildah, [...places, "--storage-driver", "overlay", command, ...args], {
      maxBuffer: BIGGEST_OUTPUT,
    })
    return stdout.trim()
  }
  const containers: string[] = []
  return {
    async importFolder(folder, name, env) {
      const dockerfile = join(home, "Dockerfile")
      const settings = Object.entries(env).map(([key, value]) => `ENV ${key}=${value}`)
      writeFileSync(dockerfile, ["FROM scratch", "COPY . /", ...settings, ""].join("\n"))
      await call("build", ["--file", dockerfile, "--tag", name, folder])
    },
    async build(context, dockerfile, target, args) {
      const values = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])
      // Health checks are Docker's, not the open format's.
      const form = ["--isolation", "chroot", "--format", "docker"]
      await call("build", [
        ...form,
        ...values,
        "--file",
        dockerfile,
        "--target",
        target,
        "--tag",
        target,
        context,
      ])
      const { Docker } = JSON.parse(await call("inspect", ["--type", "image", target])) as {
        Docker: { config: ImageConfig }
      }
      const container = await call("from", [target])
      containers.push(container)
      const rootfs = await call("mount", [container])
      const { stdout: usage } = await exec("du", ["--summarize", "--bytes", rootfs])
      return {
        config: Docker.config,
        bytes: Number.parseInt(usage, 10),
        run: (volume, command) => runIn(rootfs, Docker.config, volume, command),
      }
    },
    async remove() {
      for (const container of containers) await call("rm", [container])
      await call("rmi", ["--all", "--force"])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** In namespaces of its own, which take their mounts with them. */
const SCRIPT = `
set -e
root=$1 volume=$2 user=$3 group=$4 folder=$5
shift 5
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$volume" "$root/shop"
mount -t tmpfs tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
ip link set lo up
cd "$root"
exec chroot . setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --bounding-set=-all \\
  env --chdir="$folder" "$@"
`

async function runIn(
  rootfs: string,
  config: ImageConfig,
  volume: string,
  command: readonly string[],
): Promise<Ended> {
  const [user = "", group = ""] = config.User.split(":")
  const places = [rootfs, volume, user, group, config.WorkingDir]
  const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child"]
  try {
    const ended = await exec(
      "unshare",
      [...namespaces, "sh", "-c", SCRIPT, "sh", ...places, "--ignore-environment", ...config.Env, ...command],
      { maxBuffer: BIGGEST_OUTPUT },
    )
    return { code: 0, ...ended }
  } catch (error) {
    return error as Ended
  }
}
