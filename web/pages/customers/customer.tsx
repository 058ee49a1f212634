import { useEffect, useRef, useState } from "preact/hooks"
import type { CustomerReply } from "../../../src/server/api.ts"
import { dayText, shown, valueText } from "../../format.ts"
import { Waiting } from "../../parts/waiting.tsx"
import { shownOf, useAsked } from "../../state/ask.ts"
import { addressOf } from "../../state/shop.ts"
import { type Moment, momentsOf } from "./timeline.ts"

/** One customer: who, and what happened when. */
export function Customer({ customer, close }: { customer: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<CustomerReply>(addressOf("customer", { customer }), attempt)
  const reply = shownOf(asked)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="who" onClose={close}>
      <div class="explanation">
        <header>
          <h2 id="who">{reply?.person.customerName ?? "Customer"}</h2>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
          {(there) => <Known reply={there} />}
        </Waiting>
      </div>
    </dialog>
  )
}

function Known({ reply }: { reply: CustomerReply }) {
  const { person, segment, versions, orders } = reply
  const [now] = versions
  const moments = momentsOf(reply)
  return (
    <>
      <dl class="facts">
        <dt>Id</dt>
        <dd>{valueText(person.customerId)}</dd>
        {person.email !== null && (
          <>
            <dt>E-mail</dt>
            <dd>{person.email}</dd>
          </>
        )}
        <dt>Lives in</dt>
        <dd>
          {[now?.city, now?.country].filter((place) => place !== null && place !== undefined).join(", ") ||
            "–"}
        </dd>
        <dt>Segment</dt>
        <dd>{segment ?? "has not bought"}</dd>
        <dt>Came first by</dt>
        <dd>{valueText(now?.channel)}</dd>
      </dl>
      <h3>
        {orders.length} orders, {reply.sessions.length} visits
      </h3>
      {moments.length === 0 ? (
        <p class="nothing">Nothing has happened yet.</p>
      ) : (
        <ol class="timeline">
          {moments.map((moment, i) => (
            <li key={i} class={moment.kind}>
              <time dateTime={moment.at}>{dayText(moment.at.slice(0, 10), "day", true)}</time>
              <Happened moment={moment} />
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

function Happened({ moment }: { moment: Moment }) {
  if (moment.kind === "order") {
    const { order, status, netSales, currency, items, channel, knownBy } = moment.order
    return (
      <p>
        <b>Order {order}</b> {status !== null && `· ${status} `}· {shown(items, "count", undefined)} items ·{" "}
        {shown(netSales, "money", currency ?? undefined)}
        <span class="note">
          {knownBy === "unattributed" ? "no channel known" : `${channel}, known by ${knownBy}`}
        </span>
      </p>
    )
  }
  if (moment.kind === "visit") {
    const { channel, browser, path, purchased } = moment.visit
    return (
      <p>
        Visit by {channel}
        {purchased && <b> with a purchase</b>}
        <span class="note">
          {path} · {browser}
        </span>
      </p>
    )
  }
  const { version, before } = moment
  if (version.deleted) return <p>Deleted from the source</p>
  const changes = (["country", "city", "channel"] as const).filter((name) => version[name] !== before?.[name])
  return (
    <p>
      Became known otherwise
      <span class="note">
        {changes
          .map((name) => `${name}: ${valueText(before?.[name])} → ${valueText(version[name])}`)
          .join("; ") || "other attributes"}
      </span>
    </p>
  )
}
