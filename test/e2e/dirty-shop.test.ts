import { describeDirtyShop } from "./lib/dirty-shop.ts"

describeDirtyShop("a dirty shop", 0.005, 0.02)
