import { LineChart, type LineSeriesOption, SankeyChart, type SankeySeriesOption } from "echarts/charts"
import {
  AriaComponent,
  type AriaComponentOption,
  GridComponent,
  type GridComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from "echarts/components"
import { type ComposeOption, init, use } from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { useEffect, useRef } from "preact/hooks"
import { useTheme } from "../state/theme.ts"
import type { Colors } from "./trend.ts"

use([LineChart, SankeyChart, GridComponent, MarkLineComponent, TooltipComponent, AriaComponent, SVGRenderer])

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | SankeySeriesOption
  | GridComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
  | AriaComponentOption
>

/**
 * Draws an option object; as SVG, in the colours of the theme.
 * @param onPick called with the name of what is clicked
 */
export function Chart({
  option,
  height,
  label,
  onPick,
}: {
  option: (colors: Colors) => ChartOption
  height: number
  label: string
  onPick?: (name: string) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>()
  const theme = useTheme()
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const drawn = init(element, undefined, { renderer: "svg" })
    chart.current = drawn
    const sizes = new ResizeObserver(() => drawn.resize())
    sizes.observe(element)
    return () => {
      sizes.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option(colorsOf()), { notMerge: true })
  }, [option, theme])
  useEffect(() => {
    chart.current?.on("click", ({ name }) => onPick?.(name))
    return () => chart.current?.off("click")
  }, [onPick])
  return <div ref={place} role="img" aria-label={label} style={{ height: `${height}px` }} />
}

function colorsOf(): Colors {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: color("ink"),
    muted: color("muted"),
    line: color("line"),
    surface: color("surface"),
    accent: color("accent"),
    good: color("good"),
  }
}
