import { useEffect, useState } from "preact/hooks"
import type { SessionReply, ShopReply, VersionReply } from "../src/server/api.ts"
import { dayText } from "./format.ts"
import { type PageDeclaration, PAGES } from "./pages/pages.ts"
import { Failure } from "./parts/card.tsx"
import { NotShown } from "./parts/not-shown.tsx"
import { Controls } from "./parts/controls.tsx"
import { SignIn } from "./parts/sign-in.tsx"
import { ask, send, shownOf, SIGN_IN, useAsked } from "./state/ask.ts"
import { frozen } from "./state/known.ts"
import { useNotes } from "./state/notes.ts"
import { metricOf, PageContext } from "./state/shop.ts"
import { chooseTheme, useTheme } from "./state/theme.ts"
import { searchOf, useView } from "./state/view.ts"

/** How often it is looked whether another version is published, in milliseconds. */
const LOOK_EVERY = 15_000

export function App() {
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<ShopReply>("/api/shop", attempt)
  const again = () => setAttempt(attempt + 1)
  const [signingIn, setSigningIn] = useState(false)
  useEffect(() => {
    const needed = () => setSigningIn(true)
    addEventListener(SIGN_IN, needed)
    return () => removeEventListener(SIGN_IN, needed)
  }, [])
  if (signingIn)
    return (
      <SignIn
        done={() => {
          setSigningIn(false)
          again()
        }}
      />
    )
  if (asked.state === "failed")
    return (
      <main class="alone">
        <Failure message={asked.message} retry={again} />
      </main>
    )
  const shop = shownOf(asked)
  return shop === undefined ? (
    <main class="alone">
      <div class="skeleton" role="status">
        <span class="hidden">Loading</span>
      </div>
    </main>
  ) : (
    <Shell key={shop.version} shop={shop} renew={again} />
  )
}

function Shell({ shop, renew }: { shop: ShopReply; renew: () => void }) {
  const [view, change] = useView()
  const session = shownOf(useAsked<SessionReply>("/api/session"))
  const notes = useNotes(session)
  const page = PAGES.find(({ name }) => name === view.page) ?? PAGES[0]
  useEffect(() => {
    document.title = `${page?.title ?? ""} · ${shop.name}`
  }, [page, shop])
  if (page === undefined) return null
  const lacks = ({ needs }: PageDeclaration) =>
    needs === undefined ? undefined : metricOf(shop, needs)?.missing
  const missing = lacks(page)
  const Content = page.component
  return (
    <PageContext.Provider value={{ shop, view, change, notes }}>
      <a class="skip" href="#content">
        To the numbers
      </a>
      <nav aria-label="Pages">
        <p class="shop">{shop.name}</p>
        <ul>
          {PAGES.map((each) => (
            <li key={each.name}>
              <a
                href={searchOf({ ...view, page: each.name })}
                aria-current={each.name === page.name ? "page" : undefined}
                class={lacks(each) === undefined ? "" : "pale"}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return
                  event.preventDefault()
                  change({ page: each.name })
                }}
              >
                {each.title}
              </a>
            </li>
          ))}
        </ul>
        <Footer shop={shop} session={session} renew={renew} />
      </nav>
      <main id="content">
        <header class="page">
          <h1>{page.title}</h1>
          <p>{page.question}</p>
        </header>
        {missing === undefined ? (
          <>
            {page.needs !== undefined && <Controls />}
            <Content key={page.name} />
            {page.wants !== undefined && <NotShown {...page.wants} />}
          </>
        ) : (
          <section class="card absent">
            <h2>This shop has no {page.title.toLowerCase()} page</h2>
            <p>
              {missing[0]?.toUpperCase()}
              {missing.slice(1)}.
            </p>
            <p class="note">Add a source that delivers it to cartwright.yaml, and run.</p>
          </section>
        )}
      </main>
    </PageContext.Provider>
  )
}

function Footer({
  shop,
  session,
  renew,
}: {
  shop: ShopReply
  session: SessionReply | undefined
  renew: () => void
}) {
  const theme = useTheme()
  const newer = useNewer(shop.version)
  return (
    <footer>
      {newer && (
        <button type="button" class="newer" onClick={renew}>
          New numbers were published. Show them
        </button>
      )}
      <p role="status">
        Published {dayText(shop.publishedAt.slice(0, 10), "day", true)}
        {shop.coverage !== undefined && (
          <>
            <br />
            Data to {dayText(shop.coverage.to, "day", true)}
          </>
        )}
      </p>
      <button type="button" class="quiet" onClick={() => chooseTheme(theme === "dark" ? "light" : "dark")}>
        {theme === "dark" ? "Light" : "Dark"}
      </button>
      {session?.name !== undefined && (
        <button
          type="button"
          class="quiet"
          title={`${session.name}, ${session.role}`}
          onClick={() => void send("DELETE", "/api/session").then(() => dispatchEvent(new Event(SIGN_IN)))}
        >
          Sign out
        </button>
      )}
    </footer>
  )
}

/** Whether another version than the one shown is published. */
function useNewer(version: string): boolean {
  const [newer, setNewer] = useState(false)
  useEffect(() => {
    if (frozen !== undefined) return undefined
    const timer = setInterval(() => {
      // A server that is away for a moment is no news.
      ask<VersionReply>("/api/version").then(
        (reply) => setNewer(reply.version !== version),
        () => {},
      )
    }, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [version])
  return newer
}
