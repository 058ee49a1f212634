import { type Flows, LEFT } from "../pages/behaviour/flows.ts"
import { shown } from "../format.ts"
import type { ChartOption } from "./chart.tsx"
import type { Colors } from "./trend.ts"

/** A node is a kind of page at a step; its name tells both. */
const nodeName = (step: number, kind: string) => `${step} ${kind}`
/** The kind of page of a node that was clicked; undefined where it is none. */
export function kindOfNode(name: string): string | undefined {
  const kind = /^\d+ (.+)$/.exec(name)?.[1]
  return kind === LEFT ? undefined : kind
}

/** Where sessions go from page to page. */
export function sankey({ links, sessions }: Flows, colors: Colors): ChartOption {
  const nodes = new Map<string, { step: number; kind: string; sessions: number }>()
  const meet = (step: number, kind: string, more: number) => {
    const name = nodeName(step, kind)
    const node = nodes.get(name) ?? { step, kind, sessions: 0 }
    node.sessions += more
    nodes.set(name, node)
  }
  for (const link of links) {
    if (link.step === 1) meet(0, link.from, link.sessions)
    meet(link.step, link.to, link.sessions)
  }
  const colorOf = (kind: string) =>
    kind === LEFT ? colors.line : kind === "purchase" ? colors.good : colors.accent
  const count = (value: number) => shown(value, "count", undefined)
  const last = Math.max(...links.map(({ step }) => step), 0)
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: "inherit" },
    tooltip: {
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontSize: 12 },
    },
    series: [
      {
        type: "sankey",
        left: 2,
        right: 78,
        top: 6,
        bottom: 6,
        nodeAlign: "left",
        nodeWidth: 10,
        nodeGap: 12,
        draggable: false,
        emphasis: { focus: "adjacency" },
        label: {
          color: colors.ink,
          fontSize: 11.5,
          formatter: ({ name }) => {
            const node = nodes.get(name)
            return node === undefined || node.sessions < sessions / 60 ? "" : node.kind
          },
        },
        tooltip: { valueFormatter: (value) => `${count(value as number)} sessions` },
        data: [...nodes].map(([name, { kind, step }]) => ({
          name,
          depth: step,
          itemStyle: { color: colorOf(kind), borderWidth: 0 },
          ...(step === last ? { label: { position: "right" as const } } : {}),
        })),
        links: links.map(({ step, from, to, sessions: value }) => ({
          source: nodeName(step - 1, from),
          target: nodeName(step, to),
          value,
          lineStyle: { color: colorOf(to), opacity: to === LEFT ? 0.5 : 0.22, curveness: 0.5 },
        })),
      },
    ],
  }
}
