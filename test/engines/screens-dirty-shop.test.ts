import { describeDirtyShop } from "../e2e/lib/dirty-shop.ts"

// About 240,000 events, and some thousand defects.
describeDirtyShop("a larger dirty shop", 0.1, 0.003)
