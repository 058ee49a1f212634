import { fileName, save } from "./save.ts"

const NAMESPACE = "http://www.w3.org/2000/svg"
const PADDING = 16
/** What a style sheet may say of a shape, and a picture alone must say itself. */
const SHAPE = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
]

/** Saves what a card shows as a picture, with a line below that says what of the shop it is. */
export async function savePicture(
  card: HTMLElement,
  format: "svg" | "png",
  { title, caption }: { title: string; caption: string },
): Promise<void> {
  const { svg, width, height } = await pictureOf(card, caption)
  const text = new Blob([svg], { type: "image/svg+xml" })
  save(fileName(title, format), format === "svg" ? text : await pixelsOf(text, width, height))
}

async function pictureOf(
  card: HTMLElement,
  caption: string,
): Promise<{ svg: string; width: number; height: number }> {
  const box = card.getBoundingClientRect()
  const style = getComputedStyle(card)
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height) + PADDING + 8]
  const root = element("svg", { xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}` })
  const sheet = element("style", {})
  sheet.textContent = await fontRule()
  root.append(sheet, element("rect", { width, height, fill: style.backgroundColor }))
  const drawing = element("g", {
    transform: `translate(${-box.left} ${-box.top})`,
    "font-family": style.fontFamily,
    style: `font-feature-settings: ${style.fontFeatureSettings}`,
  })
  draw(card, drawing, box, 1)
  const below = element("text", {
    x: PADDING,
    y: height - PADDING + 4,
    "font-family": style.fontFamily,
    "font-size": 11,
    fill: getComputedStyle(document.documentElement).getPropertyValue("--muted").trim(),
  })
  below.textContent = caption
  root.append(drawing, below)
  return { svg: new XMLSerializer().serializeToString(root), width, height }
}

/** Draws boxes, lines, texts and drawings of an element at their places on the screen; what is hidden or scrolled away is not drawn. */
function draw(from: Element, into: SVGElement, clip: DOMRect, opacity: number): void {
  const style = getComputedStyle(from)
  const box = from.getBoundingClientRect()
  if (style.display === "none" || style.visibility === "hidden" || style.clipPath !== "none") return
  if (from.matches("[data-unprinted]")) return
  const strength = opacity * Number(style.opacity)
  if (from instanceof SVGSVGElement) {
    into.append(copyOf(from, box, strength))
    return
  }
  drawBox(style, box, into, strength)
  const inner = style.overflow === "visible" ? clip : intersection(clip, box)
  for (const node of from.childNodes) {
    if (node instanceof Element) draw(node, into, inner, strength)
    else if (node instanceof Text) drawText(node, style, into, inner, strength)
  }
}

function drawBox(style: CSSStyleDeclaration, box: DOMRect, into: SVGElement, opacity: number): void {
  if (!/^(?:transparent|rgba\(.*, 0\))$/.test(style.backgroundColor))
    into.append(
      element("rect", {
        x: box.x,
        y: box.y,
        width: box.width,
        height: box.height,
        rx: Number.parseFloat(style.borderTopLeftRadius) || 0,
        fill: style.backgroundColor,
        opacity,
      }),
    )
  const bottom = Number.parseFloat(style.borderBottomWidth)
  if (bottom > 0 && style.borderBottomStyle !== "none" && Number.parseFloat(style.borderTopWidth) === 0)
    into.append(
      element("rect", {
        x: box.x,
        y: box.bottom - bottom,
        width: box.width,
        height: bottom,
        fill: style.borderBottomColor,
        opacity,
      }),
    )
}

/** Word by word, joined to lines as the browser broke them. */
function drawText(
  node: Text,
  style: CSSStyleDeclaration,
  into: SVGElement,
  clip: DOMRect,
  opacity: number,
): void {
  const lines: { text: string; box: DOMRect }[] = []
  const range = document.createRange()
  for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.length)
    const box = range.getBoundingClientRect()
    const seen =
      box.width > 0 && box.left < clip.right && box.top < clip.bottom - 2 && box.bottom > clip.top + 2
    if (!seen) continue
    const last = lines.at(-1)
    if (last !== undefined && Math.abs(last.box.top - box.top) < 2) last.text += ` ${word}`
    else lines.push({ text: word, box })
  }
  for (const { text, box } of lines) {
    const drawn = element("text", {
      x: box.left,
      // Where the letters stand in the line's box, for nearly every typeface.
      y: box.top + box.height * 0.795,
      fill: style.color,
      "font-size": style.fontSize,
      "font-weight": style.fontWeight,
      opacity,
    })
    drawn.textContent = text
    into.append(drawn)
  }
}

function copyOf(svg: SVGSVGElement, box: DOMRect, opacity: number): SVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const copies = copy.querySelectorAll("*")
  for (const [i, shape] of [...svg.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(shape)
    for (const name of SHAPE) copies[i]?.setAttribute(name, style.getPropertyValue(name))
  }
  copy.removeAttribute("class")
  copy.removeAttribute("style")
  const placed = { x: box.x, y: box.y, width: box.width, height: box.height, opacity }
  for (const [name, value] of Object.entries(placed)) copy.setAttribute(name, String(value))
  return copy
}

function intersection(a: DOMRect, b: DOMRect): DOMRect {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)]
  return new DOMRect(
    left,
    top,
    Math.max(0, Math.min(a.right, b.right) - left),
    Math.max(0, Math.min(a.bottom, b.bottom) - top),
  )
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value))
  return made
}

/** The page's typeface within the picture: a picture may load nothing. */
async function fontRule(): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  const face = rules.find((rule) => rule instanceof CSSFontFaceRule)
  const url = /url\("([^"]+)"\)/.exec(face?.cssText ?? "")?.[1]
  if (face === undefined || url === undefined) return ""
  const file = await (await fetch(new URL(url, face.parentStyleSheet?.href ?? location.href))).blob()
  const data = await new Promise<string>((done) => {
    const reader = new FileReader()
    reader.addEventListener("load", () => done(reader.result as string))
    reader.readAsDataURL(file)
  })
  return face.cssText.replace(url, data)
}

/** Twice as many pixels as the screen's, for slides and paper. */
async function pixelsOf(svg: Blob, width: number, height: number): Promise<Blob> {
  const image = new Image()
  image.src = URL.createObjectURL(svg)
  try {
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = width * 2
    canvas.height = height * 2
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, failed) =>
      canvas.toBlob((made) => (made === null ? failed(new Error("no picture")) : done(made)), "image/png"),
    )
  } finally {
    URL.revokeObjectURL(image.src)
  }
}
