import assert from 'node:assert/strict'
import type { ServerProcess, Visitor } from '#test/flows/processes.ts'

export const password = 'a long enough secret'

/** Follows the link that a fresh instance writes to its terminal, as the first person there does. */
export async function becomeOwner(server: ServerProcess, name: string): Promise<Visitor> {
  const link = new RegExp(`${server.origin}(/owner/\\S+)`).exec(server.output())?.[1]
  assert.ok(link, `a link to create the owner on the terminal: ${server.output()}`)
  const visitor = server.visitor()
  await visitor.page(link)
  const made = await visitor.submit(link, { name, email: `${name}@mail.test`, password })
  assert.equal(made.status, 303, made.text)
  assert.equal((await server.visitor().get(link)).status, 410, 'the link works once')
  await visitor.get('/home')
  return visitor
}
