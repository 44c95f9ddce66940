import { type SQL, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { tombstones } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import { isThere } from '#server/posts/is-there.ts'

const uri = sql.placeholder('uri')
const said = (query: SQL) => isThere(query).mapWith(Boolean) as SQL<boolean>

const tracesOf = prepare((tx: Tx) =>
  tx
    .select({
      isBuried: said(sql`from ${tombstones} where ${tombstones.uri} = ${uri}`),
      isAnswered: said(sql`from ${posts} where ${posts.replyToUri} = ${uri} and ${posts.replyToId} is null`),
      isQuoted: said(sql`from ${quotes} where ${quotes.quotedUri} = ${uri} and ${quotes.quotedId} is null`)
    })
    .from(sql`(select 1) one`)
)

/** What a post has left here before it came: somebody deleted it, or something waits for it that answers or quotes it. */
export interface Traces {
  isBuried: boolean
  isAnswered: boolean
  isQuoted: boolean
}

const none: Traces = { isBuried: false, isAnswered: false, isQuoted: false }

/** The traces of a post by its id, at one go: nearly always there are none, and three questions would each cost as much. What they lead to is for whoever follows them. */
export async function findTraces(tx: Tx, uriOfPost: string): Promise<Traces> {
  const [traces = none] = await tracesOf(tx, { uri: uriOfPost })
  return traces
}
