/** Google's client, in a module of its own: it is loaded by those who open a bucket. */
import { Storage } from "@google-cloud/storage"

export type { Bucket, File, Storage } from "@google-cloud/storage"
export { CRC32C } from "@google-cloud/storage"

/**
 * A client that signs in as this machine's Application Default Credentials say.
 * @param endpoint of a server that stands in for the service and asks for no credentials, as `http://host:port`
 */
export function googleClient(endpoint: string | undefined): Storage {
  if (endpoint === undefined) return new Storage()
  const address = /^\w+:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`
  const client = new Storage({ apiEndpoint: address })
  // Where STORAGE_EMULATOR_HOST is set, the client leaves out the path at which such servers answer.
  client.baseUrl = `${address.replace(/\/+$/, "")}/storage/v1`
  return client
}
