/** Google's client, in a module of its own: it is loaded by those who open a bucket. */
import { Storage } from "@google-cloud/storage"

export type { Bucket, File, Storage } from "@google-cloud/storage"
export { CRC32C } from "@google-cloud/storage"

export interface GoogleAccess {
  /** Of a server that stands in for the service and asks for no credentials, as `http://host:port`. */
  endpoint?: string | undefined
  /** The file of a service account's key or of workload identity federation. @defaultValue Application Default Credentials */
  keyFile?: string | undefined
}

export function googleClient({ endpoint, keyFile }: GoogleAccess): Storage {
  if (endpoint === undefined) return new Storage(keyFile === undefined ? {} : { keyFilename: keyFile })
  const address = /^\w+:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`
  const client = new Storage({ apiEndpoint: address })
  // Where STORAGE_EMULATOR_HOST is set, the client leaves out the path at which such servers answer.
  client.baseUrl = `${address.replace(/\/+$/, "")}/storage/v1`
  return client
}
