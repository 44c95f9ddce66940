import { and, eq, isNull, sql } from 'drizzle-orm'
import * as schema from '#db/schema/all.ts'
import type { Stage } from '#test/federation/histories/stage.ts'
import type { Instance } from '#test/helpers/instance.ts'

/**
 * What a history has come to, in words that are the same on every stage. Without: the order and times in which things were told, how many states of an edited
 * post were seen on the way (a late one is not the past of anything any more) and who was told of an edit, and deleted posts, of which there may be a grave or nothing.
 */
export async function stateOf({ ctx: { db } }: Instance, stage: Stage): Promise<Record<string, unknown[]>> {
  const nameOf = namer(stage)
  const people = new Map((await db.select().from(schema.accounts)).map((account) => [account.id, account]))
  const who = (id: number) => people.get(id)?.uri ?? 'nobody'
  const all = await db.select().from(schema.posts)
  const postNames = new Map(all.map((post) => [post.id, nameOf(post.uri)]))
  const post = (id: number) => postNames.get(id) ?? 'none'
  const alive = all.filter((each) => each.deletedAt === null)
  const audience = await db.select().from(schema.postAudience)
  const mentions = await db.select().from(schema.postMentions)
  const pinned = new Set((await db.select().from(schema.pins)).map((pin) => pin.postId))
  const options = await db.select().from(schema.pollOptions)
  const told = (await db.select().from(schema.notifications)).filter((row) => row.kind !== 'edit')
  const since = (at: number | null) => (at === null ? null : at - stage.beganAt)
  const sorted = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort()
  return {
    posts: sorted(
      alive
        .filter((each) => each.boostOfId === null)
        .map((each) => ({
          uri: nameOf(each.uri),
          html: each.html,
          editedAt: since(each.editedAt),
          createdAt: each.isLocal ? null : since(each.createdAt),
          visibility: each.visibility,
          parent: each.replyToId && post(each.replyToId),
          thread: post(each.threadId),
          counts: [each.repliesCount, each.boostsCount, each.favouritesCount],
          audience: audience
            .filter((row) => row.postId === each.id)
            .map((row) => `${row.kind} ${who(row.accountId)}`)
            .sort(),
          mentions: mentions
            .filter((row) => row.postId === each.id)
            .map((row) => who(row.accountId))
            .sort(),
          isPinned: pinned.has(each.id)
        }))
    ),
    boosts: sorted(
      alive.flatMap((each) => (each.boostOfId === null ? [] : [[nameOf(each.uri), who(each.authorId), post(each.boostOfId)]]))
    ),
    favourites: sorted((await db.select().from(schema.favourites)).map((row) => [who(row.accountId), post(row.postId)])),
    reactions: sorted((await db.select().from(schema.reactions)).map((row) => [who(row.accountId), post(row.postId), row.emoji])),
    reactionCounts: sorted((await db.select().from(schema.reactionCounts)).map((row) => [post(row.postId), row.emoji, row.count])),
    follows: sorted(
      (await db.select().from(schema.follows)).map((row) => [who(row.followerId), who(row.followedId), row.state, nameOf(row.uri)])
    ),
    blocks: sorted((await db.select().from(schema.blocks)).map((row) => [who(row.accountId), who(row.targetId)])),
    votes: sorted((await db.select().from(schema.pollVotes)).map((row) => [who(row.accountId), row.position])),
    options: sorted(options.map((row) => [row.name, row.votesCount])),
    voters: sorted((await db.select().from(schema.polls)).map((row) => row.votersCount)),
    people: sorted([...people.values()].map((each) => [each.uri, each.followersCount, each.followingCount, each.postsCount])),
    notifications: sorted(told.map((row) => [row.kind, who(row.accountId), who(row.fromId), post(row.postId)]))
  }
}

/** Posts of which a counter differs from what can be counted. */
export async function miscounted({ ctx: { db } }: Instance): Promise<unknown[]> {
  const { posts } = schema
  return db
    .select({ uri: posts.uri })
    .from(posts)
    .where(
      and(
        isNull(posts.deletedAt),
        eq(posts.isLocal, true),
        sql`(favourites_count <> (select count(*) from favourites f where f.post_id = ${posts.id})
          or boosts_count <> (select count(*) from posts b where b.boost_of_id = ${posts.id})
          or replies_count <> (select count(*) from posts r where r.reply_to_id = ${posts.id} and r.deleted_at is null and r.visibility in ('public', 'unlisted')))`
      )
    )
}

function namer(stage: Stage): (uri: string) => string {
  const ours = new Map([...stage.ours, stage.poll.uri].map((uri, at) => [uri, `ours ${at}`]))
  return (uri) => ours.get(uri) ?? uri.replace(`/s${stage.number}/`, '/').replace(`-s${stage.number}-`, '-')
}
