import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { type Remote, type RemoteActor, remote } from '#test/helpers/remote.ts'

/** What a stranger would have run in our pages, and where they would have them ask. */
export const run = 'window.pwned=1;alert(1)'
export const evil = 'https://evil.test'

export interface Stage {
  instance: Instance
  owner: TestPerson
  eve: RemoteActor
  peer: Remote
  port: number
}

/** An owner who sees all pages, and eve of another server, known here. */
export async function startStage(t: TestContext, fields: Record<string, unknown> = {}): Promise<Stage> {
  const instance = await startInstance(t, { origin: 'http://skerry.localhost' })
  const owner = await instance.as('olga', { role: 'owner' })
  const peer = await remote(t, instance, 'e.test')
  const eve = await peer.actor('eve', fields)
  return { instance, owner, eve, peer, port: (instance.app.server.address() as AddressInfo).port }
}

/** Eve's note arrives, or is refused as what it is. */
export async function noted({ instance, owner, eve }: Stage, content: string, fields: Record<string, unknown> = {}) {
  const note = eve.note('', {
    content,
    tag: [{ type: 'Mention', href: owner.account.uri, name: '@olga' }],
    cc: [owner.account.uri, `${eve.uri}/followers`],
    ...fields
  })
  const { status } = await eve.send(eve.activity('Create', note))
  assert.ok(status === 202 || (status >= 400 && status < 500), `answered ${status}`)
  await instance.runJobs()
  return note
}
