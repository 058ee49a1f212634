import type { JinjaError } from "../errors.ts"
import { stripEnd } from "../values/string-search.ts"
import { repr } from "../values/text.ts"
import type { Source } from "./source.ts"
import { unescapeString } from "./string-literal.ts"

/**
 * `data` is text between tags; `{{ }} {% %}` begin and end tags; inside of tags a token is a name, a literal, or an
 * operator, whose type is the operator itself. The text of a string is its unescaped value.
 */
export type TokenType =
  | "data"
  | "{{"
  | "}}"
  | "{%"
  | "%}"
  | "name"
  | "string"
  | "int"
  | "float"
  | "eof"
  | OperatorText

export type OperatorText =
  | ("+" | "-" | "*" | "/" | "//" | "%" | "**" | "~")
  | ("(" | ")" | "[" | "]" | "{" | "}")
  | ("==" | "!=" | "<" | "<=" | ">" | ">=" | "=")
  | ("." | ":" | "|" | "," | ";")

export interface Token {
  readonly type: TokenType
  readonly text: string
  /** Offset of the first character. */
  readonly at: number
  /** Offset after the last character. */
  readonly end: number
}

const WHITE = "[\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*"
const RAW_BEGIN = new RegExp(`\\{%[-+]?${WHITE}raw${WHITE}(?:-%\\}${WHITE}|%\\})`, "y")
const RAW_END = new RegExp(`\\{%([-+]?)${WHITE}endraw${WHITE}(?:\\+%\\}|-%\\}${WHITE}|%\\})`, "g")
const SPACES = new RegExp(WHITE, "y")
const ASCII_NAME = /[A-Za-z_]\w*/y
const NAME = /[\p{ID_Start}_]\p{ID_Continue}*/uy
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy

/** What the first character of a token says: 1 = part of a name, 2 = digit, 3 = quote, 4 = operator, 0 = else. */
const CLASSES = new Uint8Array(128)
for (const char of "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") CLASSES[char.charCodeAt(0)] = 1
for (const char of "0123456789") CLASSES[char.charCodeAt(0)] = 2
for (const char of "'\"") CLASSES[char.charCodeAt(0)] = 3
for (const char of "+-*/%~()[]{}=!<>.:|,;") CLASSES[char.charCodeAt(0)] = 4

/** The operators of one character, by their codes. */
const OPERATORS: string[] = []
for (const char of "+-*/%~()[]{}=!<>.:|,;") OPERATORS[char.charCodeAt(0)] = char

const EQUALS = 61

/** Turns a template into tokens; comments and the white space that tags strip are gone. */
export class Lexer {
  readonly #source: Source
  readonly #text: string
  /** What the current call of `read` fills. */
  #tokens: Token[] = []
  #at = 0

  constructor(source: Source) {
    this.#source = source
    this.#text = source.text
  }

  /** Appends the tokens of some text with the tag after it; at the end of the template `eof`, every time. */
  read(tokens: Token[]): void {
    const text = this.#text
    const before = tokens.length
    this.#tokens = tokens
    while (tokens.length === before) {
      const open = this.#at < text.length ? nextOpening(text, this.#at) : -1
      if (open < 0) {
        this.#data(this.#at, text.length, false)
        this.#push("eof", "", text.length, text.length)
      } else if (!this.#raw(open)) this.#tag(open)
    }
  }

  #push(type: TokenType, text: string, at: number, end: number): void {
    this.#tokens.push({ type, text, at, end })
  }

  #data(from: number, to: number, strip: boolean): void {
    const raw = this.#text.slice(from, to)
    const data = strip ? stripEnd(raw) : raw
    if (data !== "") this.#push("data", data, from, from + data.length)
    this.#at = to
  }

  /** The end of a match at an offset, or -1. */
  #match(pattern: RegExp, at: number): number {
    pattern.lastIndex = at
    return pattern.test(this.#text) ? pattern.lastIndex : -1
  }

  /** The offset of what comes after white space. */
  #skipSpaces(from: number): number {
    const text = this.#text
    let at = from
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === 32 || code === 10 || code === 9) at++
      else return code > 127 || code < 32 ? this.#match(SPACES, at) : at
    }
  }

  #raw(open: number): boolean {
    if (this.#text.charCodeAt(open + 1) !== 37) return false
    const begin = this.#match(RAW_BEGIN, open)
    if (begin < 0) return false
    this.#data(this.#at, open, this.#text.charAt(open + 2) === "-")
    RAW_END.lastIndex = begin
    const end = RAW_END.exec(this.#text)
    if (end === null) throw this.#source.error("Missing end of raw directive", open)
    this.#data(begin, end.index, end[1] === "-")
    this.#at = RAW_END.lastIndex
    return true
  }

  #tag(open: number): void {
    const kind = this.#text.charAt(open + 1)
    const sign = this.#text.charAt(open + 2)
    this.#data(this.#at, open, sign === "-")
    this.#at = open + (sign === "-" || sign === "+" ? 3 : 2)
    if (kind === "#") this.#comment(open)
    else if (kind === "{") this.#inside("{{", "}}", open)
    else this.#inside("{%", "%}", open)
  }

  #comment(open: number): void {
    const end = this.#text.indexOf("#}", this.#at)
    if (end < 0) throw this.#source.error("Missing end of comment tag", open)
    const strips = end > this.#at && this.#text.charAt(end - 1) === "-"
    this.#at = strips ? this.#match(SPACES, end + 2) : end + 2
  }

  #inside(begin: "{{" | "{%", close: "}}" | "%}", open: number): void {
    this.#push(begin, begin, open, this.#at)
    const { length } = this.#text
    const balance: string[] = []
    for (;;) {
      const at = this.#skipSpaces(this.#at)
      this.#at = at
      if (at >= length) return
      const code = this.#text.charCodeAt(at)
      const kind = code < 128 ? CLASSES[code] : 1
      if (kind === 1) this.#name(at)
      else if (kind === 4) {
        if (mayClose(code) && balance.length === 0 && this.#closes(close, at)) return
        this.#operator(code, at, balance)
      } else if (kind === 3) this.#string(at)
      else if (kind === 2) this.#number(at)
      else throw this.#unexpected(at)
    }
  }

  #closes(close: "}}" | "%}", at: number): boolean {
    const first = this.#text.charAt(at)
    const signed = first === "-" || (first === "+" && close === "%}")
    const start = signed ? at + 1 : at
    if (!this.#text.startsWith(close, start)) return false
    this.#push(close, close, at, start + 2)
    this.#at = first === "-" ? this.#match(SPACES, start + 2) : start + 2
    return true
  }

  #name(at: number): void {
    let end = this.#match(ASCII_NAME, at)
    if (end < 0 || this.#text.charCodeAt(end) > 127) end = this.#match(NAME, at)
    if (end < 0) throw this.#unexpected(at)
    this.#take("name", at, end)
  }

  #number(at: number): void {
    const float = this.#text.charAt(at - 1) === "." ? -1 : this.#match(FLOAT, at)
    if (float >= 0) this.#take("float", at, float)
    else this.#take("int", at, this.#match(INTEGER, at))
  }

  #string(at: number): void {
    const end = this.#match(STRING, at)
    if (end < 0) throw this.#unexpected(at)
    const value = unescapeString(this.#text.slice(at + 1, end - 1), this.#source, at)
    this.#push("string", value, at, end)
    this.#at = end
  }

  #take(type: TokenType, at: number, end: number): void {
    this.#push(type, this.#text.slice(at, end), at, end)
    this.#at = end
  }

  #operator(code: number, at: number, balance: string[]): void {
    const next = this.#text.charCodeAt(at + 1)
    let operator = OPERATORS[code] as string
    if (next === EQUALS && (code === EQUALS || code === 33 || code === 60 || code === 62)) operator += "="
    else if (next === code && (code === 42 || code === 47)) operator += operator
    else if (code === 33) throw this.#unexpected(at)
    this.#at = at + operator.length
    this.#push(operator as OperatorText, operator, at, this.#at)
    if (code === 40) balance.push(")")
    else if (code === 91) balance.push("]")
    else if (code === 123) balance.push("}")
    else if (code === 41 || code === 93 || code === 125) this.#close(operator, at, balance)
  }

  #close(operator: string, at: number, balance: string[]): void {
    const expected = balance.pop()
    if (expected === operator) return
    if (expected === undefined) throw this.#source.error(`unexpected '${operator}'`, at)
    throw this.#source.error(`unexpected '${operator}', expected '${expected}'`, at)
  }

  #unexpected(at: number): JinjaError {
    return this.#source.error(`unexpected char ${repr(this.#text.charAt(at))} at ${at}`, at)
  }
}

/** True for `% } - +`, with which the end of a tag may begin. */
const mayClose = (code: number): boolean => code === 37 || code === 125 || code === 45 || code === 43

/** Offset of the next `{{`, `{%` or `{#`, or -1. */
function nextOpening(text: string, from: number): number {
  for (let at = text.indexOf("{", from); at >= 0; at = text.indexOf("{", at + 1)) {
    const code = text.charCodeAt(at + 1)
    if (code === 123 || code === 37 || code === 35) return at
  }
  return -1
}
