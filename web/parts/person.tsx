import type { Person } from "../../src/server/api.ts"

/** A customer's name as a way to what is known of the customer. */
export function PersonButton({ person, open }: { person: Person; open: (key: string) => void }) {
  return (
    <button type="button" class="link" onClick={() => open(person.customerDurableKey)}>
      {person.customerName ?? person.customerId ?? "Unknown"}
    </button>
  )
}
