import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import type { Guest } from '#test/helpers/people.ts'

/** Pages where anything that is to be seen shows up. */
export const commonPages = ['/', '/home', '/local', '/federated', '/notifications', '/notifications/mentions', '/follow-requests']

/** All that somebody sees on these pages, statuses of every kind included. */
export async function seenOn(who: Guest, paths: readonly string[], headers?: Record<string, string>): Promise<string> {
  let text = ''
  for (const path of paths) {
    const { statusCode, body } = await who.get(path, headers)
    if (statusCode >= 500) throw new Error(`${path} answered ${statusCode}`)
    text += `\n${body}`
  }
  return text
}

export const asPeer = { accept: 'application/activity+json' }

/** Follows the `first` and `next` of a collection and gives all documents as one text. */
export async function wholeCollection(who: Guest, path: string): Promise<string> {
  let text = ''
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: LightMyRequestResponse = await who.get(next, asPeer)
    text += `\n${response.statusCode} ${response.body}`
    const document = response.statusCode === 200 ? (response.json() as { first?: string; next?: string }) : {}
    next = (document.first ?? document.next)?.replace(/^https:\/\/[^/]+/, '')
  }
  return text
}

/** Fails when the words are there, and shows where they stand rather than the whole page. */
export function lacks(text: string, words: RegExp, what = ''): void {
  const found = words.exec(text)
  assert.equal(found && text.slice(Math.max(0, found.index - 150), found.index + 150), null, what)
}
