/** Deepest nesting of objects and lists that is read, and the number of values one document may hold. */
export const nestingMax = 32
export const nodesMax = 5_000

export type JsonFault = 'too-deep' | 'too-many-values' | 'duplicate-key' | 'forbidden-key' | 'unreadable'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Looks at JSON text before any parser does, in one pass and without recursion: nesting, number of values, keys said twice in one
 * object (two readers would believe two different things) and `__proto__`. Undefined when it may be parsed; text that is
 * no JSON may pass here and is then refused by JSON.parse, which never sees more depth than was counted.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  // One set of keys for each open object, nothing for each open list.
  const open: (Set<string> | undefined)[] = []
  let isKeyNext = false
  let nodes = 1
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const end = endOfString(text, at)
      if (end < 0) return 'unreadable'
      if (isKeyNext) {
        const fault = addKey(open.at(-1), text.slice(at, end + 1))
        if (fault) return fault
        isKeyNext = false
      }
      at = end
    } else if (code === openBrace || code === openBracket) {
      if (open.length >= nestingMax) return 'too-deep'
      open.push(code === openBrace ? new Set() : undefined)
      isKeyNext = code === openBrace
      nodes += 1
    } else if (code === closeBrace || code === closeBracket) {
      open.pop()
      isKeyNext = false
    } else if (code === comma) {
      isKeyNext = open.at(-1) !== undefined
      nodes += 1
    }
    if (nodes > nodesMax) return 'too-many-values'
  }
  return undefined
}

/** Where the string that opens at `start` closes; below 0 when it never does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1
  return backslashes % 2 === 1
}

/** Takes a key as it is written, quotes included; two spellings of one key (`\u0061ctor`) are the same key. */
function addKey(keys: Set<string> | undefined, written: string): JsonFault | undefined {
  const key = written.includes('\\') ? readKey(written) : written.slice(1, -1)
  if (key === undefined) return 'unreadable'
  if (key === '__proto__') return 'forbidden-key'
  if (keys?.has(key)) return 'duplicate-key'
  keys?.add(key)
  return undefined
}

function readKey(written: string): string | undefined {
  try {
    return String(JSON.parse(written))
  } catch {
    return undefined
  }
}
