import { until } from '#test/flows/processes.ts'
import { isConfirmed } from '#test/interop/scenes/relations.ts'
import { back, expect, out, type World } from '#test/interop/scenes/world.ts'

/** What was before two servers met, and what becomes of people: pinned and older posts, moves, ends. */
export async function live({ matrix, skerry, snac, ada, bo, sam }: World): Promise<void> {
  await matrix.check('older and pinned posts', back, async () => {
    const liz = await snac.addUser('liz')
    const pinned = await liz.post('Liz pins this')
    await liz.post('Liz wrote this before anybody knew her')
    await liz.run('pin', pinned.uri)
    await bo.reads(`/search?q=${encodeURIComponent(liz.handle)}`, /@liz@snac\.example/)
    await bo.reads(`/${liz.handle}`, /Liz pins this.*before anybody knew her/)
  })

  await matrix.check('move the account', back, async () => {
    const max = await snac.addUser('max')
    const cleo = await skerry.signUp('cleo')
    await bo.follow(max)
    await cleo.submit('/settings/moving/aliases', { alias: max.handle })
    await max.run('alias', cleo.handle)
    await max.run('migrate')
    await bo.reads('/@bo/following', /@cleo/)
    await bo.misses('/@bo/following', /@max@snac\.example/)
  })
  await matrix.check('move the account', out, async () => {
    const eva = await skerry.signUp('eva')
    const ned = await snac.addUser('ned')
    await sam.run('follow', eva.handle)
    await eva.reads('/@eva/followers', /@sam@snac\.example/)
    await ned.run('alias', eva.handle)
    await eva.submit('/settings/moving/move', { target: ned.handle, password: skerry.password })
    await until('the move at snac', async () => /'Move': following https:\/\/snac\.example\/ned/.test(snac.output()))
  })

  await matrix.check('end of an account', out, async () => {
    const tom = await skerry.signUp('tom')
    await sam.run('follow', tom.handle)
    await tom.reads('/@tom/followers', /@sam@snac\.example/)
    await tom.post('Tom was here')
    await sam.sees('Tom was here')
    const id = /\/admin\/accounts\/(\d+)/.exec(await ada.page('/admin/accounts?q=tom'))?.[1]
    await ada.page(`/admin/accounts/${id}`)
    await ada.submit(`/admin/accounts/${id}/suspension`, { reason: 'Asked for it' })
    await ada.submit(`/admin/accounts/${id}/erasure`, { reason: 'Asked for it', isConfirmed: 'yes' })
    const gone = await fetch(tom.uri, { headers: { accept: 'application/activity+json' } })
    expect(gone.status === 410, 'The actor should be gone', gone.status)
    await until('the Delete to arrive', async () => new RegExp(`enqueue_\\w+input ${tom.uri}#delete`).test(snac.output()))
    return 'snac takes the Delete and keeps what it has of the actor; the actor is answered 410'
  })
  await matrix.check('end of an account', back, async () => {
    const una = await snac.addUser('una')
    await una.run('follow', ada.handle)
    await ada.reads('/@ada/followers', /@una@snac\.example/)
    await isConfirmed(snac, una, ada)
    await snac.removeUser('una')
    await ada.misses('/@ada/followers', /@una@snac\.example/)
    return 'snac says an Undo for each follow, and no Delete'
  })
}
