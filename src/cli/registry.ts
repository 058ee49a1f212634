import type { Command } from "./command.ts"

/** The commands, in the order of the help. Each is loaded when it is needed. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./commands/init.ts")).init,
  generate: async () => (await import("./commands/generate.ts")).generate,
  demo: async () => (await import("./commands/demo.ts")).demo,
  profile: async () => (await import("./commands/profile.ts")).profile,
  run: async () => (await import("./commands/run.ts")).run,
  extract: async () => (await import("./commands/extract.ts")).extract,
  load: async () => (await import("./commands/load.ts")).load,
  transform: async () => (await import("./commands/transform.ts")).transform,
  screen: async () => (await import("./commands/screen.ts")).screen,
  publish: async () => (await import("./commands/publish.ts")).publish,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  deploy: async () => (await import("./commands/deploy.ts")).deploy,
  query: async () => (await import("./commands/query.ts")).query,
  explain: async () => (await import("./commands/explain.ts")).explain,
  serve: async () => (await import("./commands/serve.ts")).serve,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  users: async () => (await import("./commands/users.ts")).users,
  status: async () => (await import("./commands/status.ts")).status,
  errors: async () => (await import("./commands/errors.ts")).errors,
  accept: async () => (await import("./commands/accept.ts")).accept,
  docs: async () => (await import("./commands/docs.ts")).docs,
  dbt: async () => (await import("./commands/dbt.ts")).dbt,
}

export async function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()))
}
