import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { pollOptions } from '#db/schema/polls.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import { addWords, putEntry, removeEntries, takeEntry } from '#db/search-index.ts'
import { foldWords, hanOf } from '#server/search/fold.ts'
import {
  authorMark,
  featureMark,
  hanMark,
  keptMark,
  type Nature,
  openMark,
  ownWord,
  personMark,
  type Possession,
  tagMark
} from '#server/search/marks.ts'
import { type Finders, findersOf } from '#server/search/finders-of.ts'
import { linksOf } from '#server/trends/links-of.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'

/** Of one post so many words are kept; the text of a long article is found by its beginning. */
const wordsMax = 8_000
/** Words that a beginning may lead to: shorter ones are typed in full, and nobody types longer ones. */
const completable = /^(?=.{3,30}$)\p{L}[\p{L}\p{M}\p{N}]*$/u

/** Of a post that is not for everybody the beginnings of words lead there for so many people at most: its author, those it names, and the next. */
const ownWordsPeopleMax = 20

interface Facts {
  post: PostRow
  isIndexable: boolean
  isAuthorOurs: boolean
}

const readPost = prepare((db: Reader) =>
  db
    .select({ post: posts, isIndexable: accounts.isIndexable, domain: accounts.domain })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(and(eq(posts.id, sql.placeholder('id')), isNull(posts.boostOfId), isNull(posts.deletedAt)))
)
const readMedia = prepare((db: Reader) =>
  db
    .select({ alt: media.alt, mime: media.mime })
    .from(media)
    .where(and(eq(media.postId, sql.placeholder('id')), isNotNull(media.postId)))
)
const readTags = prepare((db: Reader) =>
  db
    .select({ tag: postTags.tag })
    .from(postTags)
    .where(eq(postTags.postId, sql.placeholder('id')))
)
const readOptions = prepare((db: Reader) =>
  db
    .select({ text: pollOptions.text })
    .from(pollOptions)
    .where(eq(pollOptions.postId, sql.placeholder('id')))
)

/**
 * Writes what a post is found by as it stands now, or takes it out of the index when nobody here may find it: it is neither public with an author who
 * wants to be found, nor did anybody of ours write it, answer it, keep it, or be named in it.
 */
export async function indexPost(tx: Tx, postId: number): Promise<void> {
  await takeEntry(tx, postId)
  const [found] = await readPost(tx, { id: postId })
  if (!found) return removeEntries(tx, [postId])
  const facts: Facts = { post: found.post, isIndexable: found.isIndexable, isAuthorOurs: found.domain === null }
  const finders = await findersOf(tx, found.post, facts.isAuthorOurs)
  const isOpen = facts.isIndexable && found.post.visibility === 'public'
  if (!isOpen && finders.people.length === 0) return removeEntries(tx, [postId])
  const { words, marks } = await describe(tx, facts, finders, isOpen)
  await putEntry(tx, postId, words, marks)
  const begun = [...new Set(words)].filter((word) => completable.test(word))
  const readers = finders.people.slice(0, ownWordsPeopleMax)
  await addWords(tx, isOpen ? begun : readers.flatMap((accountId) => begun.map((word) => ownWord(accountId, word))))
}

async function describe(tx: Tx, { post }: Facts, { people, bookmarkers, favouriters }: Finders, isOpen: boolean) {
  const id = { id: post.id }
  const [pictures, tags, options] = [
    await readMedia(tx, id),
    await readTags(tx, id),
    post.type === 'Question' ? await readOptions(tx, id) : []
  ]
  const texts = [
    post.title ?? '',
    post.warning,
    ...(post.abstractHtml === null ? [] : [htmlToText(post.abstractHtml)]),
    htmlToText(post.html),
    ...pictures.map(({ alt }) => alt),
    ...options.map(({ text }) => text)
  ]
  const words = texts.flatMap(foldWords).slice(0, wordsMax)
  const marks = [
    ...(isOpen ? [openMark] : []),
    authorMark(post.authorId),
    ...people.map(personMark),
    ...bookmarkers.map((accountId) => keptMark('bookmarks', accountId)),
    ...favouriters.map((accountId) => keptMark('favourites', accountId)),
    // What other servers call a hashtag may hold signs that nobody can search for here, and that part words in the index.
    ...tags.flatMap(({ tag }) => (tagKey(tag) === tag ? tagMark(tag) : [])),
    ...featuresOf(post, pictures).map(featureMark),
    ...hanOf(words).map(hanMark)
  ]
  return { words, marks }
}

function featuresOf(post: PostRow, pictures: { mime: string }[]): (Possession | Nature)[] {
  const features: Record<Possession | Nature, boolean> = {
    image: pictures.some(({ mime }) => !/^(?:video|audio)\//.test(mime)),
    video: post.type === 'Video' || pictures.some(({ mime }) => mime.startsWith('video/')),
    audio: post.type === 'Audio' || pictures.some(({ mime }) => mime.startsWith('audio/')),
    poll: post.type === 'Question',
    link: linksOf(post.html).length > 0,
    quote: post.isQuote,
    cw: post.warning !== '',
    reply: post.replyToUri !== null,
    sensitive: post.isSensitive
  }
  return (Object.keys(features) as (Possession | Nature)[]).filter((name) => features[name])
}
