import { expect, test } from "vitest"
import { powerOfDoubles } from "./double-power.ts"

/** As Python 3.11 prints them, and as rounding the exact fraction once gives them. */
test.each([
  [19.141296874999995, 3, "7013.165330582248"],
  [2.675, 3, "19.141296874999995"],
  [-2.5, 3, "-15.625"],
  [1.1, -2, "0.8264462809917354"],
  [0.1, 2, "0.010000000000000002"],
  [1e200, 2, "Infinity"],
  [5e-324, 1, "5e-324"],
  [1.7e-162, 2, "5e-324"],
  [1.5e-162, 2, "0"],
  [4, 0.5, "2"],
])("%d ** %d", (base, exponent, text) => {
  expect(String(powerOfDoubles(base, exponent))).toBe(text)
})
