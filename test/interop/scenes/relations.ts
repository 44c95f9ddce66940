import { until } from '#test/flows/processes.ts'
import { textOf } from '#test/helpers/html.ts'
import { NotTheirs } from '#test/interop/matrix.ts'
import { back, out, type World } from '#test/interop/scenes/world.ts'
import type { SkerryPerson } from '#test/interop/skerry.ts'
import type { Snac, SnacPerson } from '#test/interop/snac.ts'

/** Finding each other, and following, also where the other side wants to be asked. */
export async function meet({ matrix, snac, ada, bo, sam, kim }: World): Promise<void> {
  await matrix.check('resolve a handle', out, () => ada.reads(searchFor(sam.handle), /@sam@snac\.example/))
  await matrix.check('resolve a handle', back, async () => {
    const told = await sam.run('webfinger_s', ada.handle)
    if (!told.includes(ada.uri)) throw new Error(`webfinger: ${told.trim()}`)
  })
  await matrix.check('resolve an address', out, () => ada.reads(searchFor(kim.uri), /@kim@snac\.example/))
  await matrix.check('resolve an address', back, async () => {
    await sam.find('accounts', bo.uri)
  })

  await matrix.check('follow, accept', out, async () => {
    await ada.follow(sam)
    await sam.isTold('follow')
    return 'accepted at once'
  })
  await matrix.check('follow, accept', back, async () => {
    await sam.run('follow', ada.handle)
    await ada.reads('/@ada/followers', /@sam@snac\.example/)
    await ada.reads('/notifications', /follows you/)
    await isConfirmed(snac, sam, ada)
  })

  await matrix.check('follow, asked first', out, async () => {
    await kim.api('PATCH', '/v1/accounts/update_credentials', { locked: 'true' })
    await bo.pressBeside(kim.handle, 'follow')
    let id: string | undefined
    await until('the request at snac', async () => (id = (await kim.api<{ id: string }[]>('GET', '/v1/follow_requests'))[0]?.id))
    await kim.api('POST', `/v1/follow_requests/${id}/authorize`)
    await until('the answer to arrive', async () => /Unfollow|Following/.test(await profileOf(bo, kim)))
  })
  await matrix.check('follow, asked first', back, async () => {
    await bo.page('/settings/profile')
    const form = new FormData()
    form.set('displayName', 'Bo')
    form.set('note', 'Lives here.')
    form.set('isLocked', 'on')
    await bo.submit('/settings/profile', form)
    await kim.run('follow', bo.handle)
    await bo.reads('/follow-requests', /@kim@snac\.example/)
    const id = /\/accounts\/(\d+)\/accept/.exec(await bo.page('/follow-requests'))?.[1]
    await bo.submit(`/accounts/${id}/accept`)
    await isConfirmed(snac, kim, bo)
  })
  await matrix.check('reject a request', out, async () => {
    await sam.run('follow', bo.handle)
    await bo.reads('/follow-requests', /@sam@snac\.example/)
    const id = /\/accounts\/(\d+)\/reject/.exec(await bo.page('/follow-requests'))?.[1]
    await bo.submit(`/accounts/${id}/reject`)
    await until('the Reject to arrive', async () => /enqueue_input https:\/\/skerry\.example\/@bo#reject/.test(snac.output()))
    throw new NotTheirs('snac takes a Reject and passes over it')
  })
  await matrix.check('reject a request', back, async () => {
    throw new NotTheirs('snac discards requests without a word')
  })
}

/** Ends of what was between them. */
export async function part({ matrix, snac, ada, bo, sam, kim }: World): Promise<void> {
  await matrix.check('change the profile', out, async () => {
    await ada.page('/settings/profile')
    const form = new FormData()
    form.set('displayName', 'Ada of the island')
    form.set('note', 'Keeps the light.')
    form.set('fieldName-1', 'Boat')
    form.set('fieldValue-1', 'Yes')
    await ada.submit('/settings/profile', form)
    await until('the new name at snac', async () => {
      const { display_name: name, note, fields } = await sam.find<SnacAccount>('accounts', ada.uri)
      return name === 'Ada of the island' && /Keeps the light/.test(note) && fields.some((field) => field.name === 'Boat')
    })
  })
  await matrix.check('change the profile', back, async () => {
    await sam.api('PATCH', '/v1/accounts/update_credentials', { display_name: 'Sam of the hills', note: 'Keeps goats.' })
    await ada.reads(`/${sam.handle}`, /Sam of the hills.*Keeps goats/)
  })
  await matrix.check('unfollow', out, async () => {
    await ada.pressBeside(sam.handle, 'unfollow')
    await until('the follower to be gone at snac', async () => !(await relationOf(sam, ada)).followed_by)
  })
  await matrix.check('unfollow', back, async () => {
    await sam.run('unfollow', ada.uri)
    await ada.misses('/@ada/followers', /@sam@snac\.example/)
  })
  await matrix.check('block', out, async () => {
    await bo.pressBeside(kim.handle, 'block')
    await until('the Block to arrive', async () => snac.output().includes(`[kim] 'Block' received from ${bo.uri}`))
    await until('the follow to be gone at snac', async () => snac.output().includes(`[kim] no longer following us ${bo.uri}`))
    return 'Block, and Undo of the follow'
  })
  await matrix.check('blocked: not read', out, async () => {
    await kim.api('GET', `/v2/search?${new URLSearchParams({ q: bo.uri, resolve: 'true' })}`)
    await until('snac to be refused the profile', async () => snac.output().includes(`[kim] Request searched URL ${bo.uri} 404`))
  })
  await matrix.check('unblock', out, async () => {
    const blocked = /action="\/accounts\/(\d+)\/unblock"/.exec(await bo.page(`/${kim.handle}`))?.[1]
    await bo.submit(`/accounts/${blocked}/unblock`)
    await until('the profile to be readable', async () => (await kim.run('actor', bo.uri)).includes('preferredUsername'))
    return 'readable again'
  })
  await matrix.check('block', back, async () => {
    throw new NotTheirs('snac mutes without a word')
  })
}

interface SnacAccount {
  id: string
  display_name: string
  note: string
  fields: { name: string; value: string }[]
}

interface Relation {
  following: boolean
  followed_by: boolean
}

const searchFor = (what: string) => `/search?q=${encodeURIComponent(what)}`

async function idOf(who: SnacPerson, of: SkerryPerson): Promise<string> {
  return (await who.find<SnacAccount>('accounts', of.uri)).id
}

async function relationOf(who: SnacPerson, to: SkerryPerson): Promise<Relation> {
  const [relation] = await who.api<Relation[]>('GET', `/v1/accounts/relationships?id[]=${await idOf(who, to)}`)
  if (!relation) throw new Error('snac tells no relationship.')
  return relation
}

/** Waits until snac has read our Accept; its API calls a follow a follow before that. */
export async function isConfirmed(snac: Snac, who: SnacPerson, whom: SkerryPerson): Promise<void> {
  await until(`${who.handle} to follow ${whom.handle}`, async () =>
    snac.output().includes(`[${who.name}] confirmed follow from ${whom.uri}`)
  )
}

const profileOf = async (who: SkerryPerson, of: SnacPerson) => textOf((await who.page(`/${of.handle}`)).split('<main')[1] ?? '')
