import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { verbs } from '#server/federation/inbox.ts'
import { actorTypes, type CorpusDocument, first, idOf, isObject, type Json, toActivity, typeOf } from '#test/corpus/documents.ts'
import type { CorpusPeer } from '#test/corpus/peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

/** What became of a document: it had its effect, was passed over on purpose, was refused with a status of 4xx, or broke something. */
export interface Outcome {
  kind: 'accept' | 'ignore' | 'refuse' | 'broken'
  status: number
  why: string
  /** Its verb and its object's type are among those that FEDERATION.md calls handled. */
  isHandled: boolean
}

const postTypes = new Set(['Note', 'Question', 'Article', 'Page', 'Video', 'Audio', 'Image', 'Event', 'ChatMessage'])
const origin = 'https://skerry.test'

/** Posts one document to a fresh instance where somebody follows its author, lets all jobs run, and looks at what came of it. */
export async function runDocument(document: CorpusDocument, peer: CorpusPeer): Promise<Outcome> {
  const claim = toActivity(document)
  if (!claim) return { kind: 'refuse', status: 0, why: 'Nobody claims it, so nobody can say it.', isHandled: false }
  const ends: (() => unknown)[] = []
  const t = { after: (end: () => unknown) => void ends.push(end) } as never
  const overrides = { connect: peer.steer('skerry.test') }
  const instance = await startInstance(t, { origin, config: { outbound: { allowHttp: true } }, overrides })
  try {
    return await post(instance, claim.activity, claim.actor, peer)
  } catch (error) {
    return { kind: 'broken', status: 0, why: (error as Error).stack ?? String(error), isHandled: true }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function post(instance: Instance, activity: Json, actor: string, peer: CorpusPeer): Promise<Outcome> {
  const { app } = instance
  const body = Buffer.from(JSON.stringify(activity))
  const request = {
    host: 'skerry.test',
    path: '/inbox',
    body,
    keyId: peer.keyIdOf(actor),
    privatePem: peer.keys.privatePem,
    now: instance.clock.now()
  }
  const answer = await app.inject({ method: 'POST', url: '/inbox', headers: signedHeaders(request), payload: body })
  await instance.runJobs()
  const type = typeOf(activity)
  const object = first(activity.object)
  const objectType = isObject(object) ? typeOf(object) : ''
  const verb = verbs.get(type)
  const isPost = postTypes.has(objectType)
  const isHandled =
    verb !== undefined &&
    verb !== 'ignored' &&
    (!['Create', 'Update'].includes(type) || objectType === '' || isPost || actorTypes.has(objectType))
  const outcome = (kind: Outcome['kind'], why: string): Outcome => ({ kind, status: answer.statusCode, why, isHandled })

  const errors = instance.logged.filter((line) => Number(line.level === 'error' ? 50 : line.level) >= 50)
  if (answer.statusCode >= 500)
    return outcome(
      'broken',
      `answered ${answer.statusCode}: ${answer.body.slice(0, 300)} ${JSON.stringify(errors.slice(0, 1)).slice(0, 800)}`
    )
  if (errors.length > 0) return outcome('broken', `logged ${JSON.stringify(errors[0]).slice(0, 1_200)}`)
  if (answer.statusCode >= 400) return outcome('refuse', answer.body.slice(0, 200))
  if (!isHandled) return outcome('ignore', `${type} of ${objectType || 'something'} is none of ours`)

  if (['Create', 'Update', 'Announce'].includes(type)) return outcome(...(await effectOf(instance, type, object, activity)))
  return outcome('ignore', `${type} is about nobody and nothing here`)
}

/** What is there to be seen of a post, a boost or an actor, on a page. */
async function effectOf({ ctx, app, as }: Instance, type: string, object: unknown, activity: Json): Promise<[Outcome['kind'], string]> {
  const uri = idOf(type === 'Announce' && isObject(object) ? (object.object ?? object) : object)
  if (uri === undefined) return ['ignore', 'its object has no id']
  if (isObject(object) && actorTypes.has(typeOf(object))) {
    const [account] = await ctx.db.select().from(accounts).where(eq(accounts.uri, uri))
    if (!account) return ['broken', `accepted, and ${uri} is not known`]
    if (account.suspendedAt !== null) return ['accept', 'suspended by its own server, and so not shown']
    return visibleAt(
      await app.inject({ url: `/@${account.name}@${account.domain}`, headers: { host: 'skerry.test', accept: 'text/html' } })
    )
  }
  const [row] = await ctx.db
    .select()
    .from(posts)
    .where(eq(posts.uri, type === 'Announce' ? (idOf(activity) ?? uri) : uri))
  if (!row) return ['ignore', type === 'Create' ? 'not kept' : `${uri} is not known here`]
  const postId = row.boostOfId ?? row.id
  const [shown] = await ctx.db
    .select({ post: posts, author: accounts })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(eq(posts.id, postId))
  if (!shown) return ['broken', 'a post without author']
  const path = `/@${shown.author.name}@${shown.author.domain}/${postId}`
  const reader = await as('reader')
  // Posts for followers show to one; those for some people alone have none of theirs here.
  if (shown.post.visibility === 'followers') {
    await ctx.transact(async (tx) => {
      const follow = { followerId: reader.account.id, followedId: shown.author.id, state: 'accepted' as const }
      await tx.insert(follows).values({ id: tx.newId(), ...follow, uri: 'urn:corpus', createdAt: tx.now, acceptedAt: tx.now })
    })
  }
  if (shown.post.visibility === 'direct') return ['accept', 'kept, for people who are not here']
  return visibleAt(await reader.get(path))
}

function visibleAt(page: { statusCode: number; body: string }): [Outcome['kind'], string] {
  return page.statusCode === 200 ? ['accept', 'shown'] : ['broken', `accepted, but its page answers ${page.statusCode}`]
}
