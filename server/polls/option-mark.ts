import { hash } from 'node:crypto'

const markCharacters = 8

/** Tells an option from another that stands in its place later: whoever votes means what they read. Pure. */
export function markOf({ name }: { name: string }): string {
  return hash('sha256', name, 'hex').slice(0, markCharacters)
}
