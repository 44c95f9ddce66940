import { type SQL, sql } from 'drizzle-orm'
import { posts, postTags } from '#db/schema/posts.ts'
import { type Direction, ways } from '#server/timelines/candidates.ts'

/**
 * Ids of the next posts of some authors (`authors`: a select of one column `id`), however dormant they are: the next of each; of the authors whose next are the
 * nearest, one post after the other, down to the last of these. Costs one look-up an author, and at most count² more.
 */
export function idsOfAuthors(authors: SQL, direction: Direction, count: never): SQL {
  return nearestIds(sql`select id from (${authors}) as authors_asked`, direction, count, (of, from) => {
    const { next, isBeyond } = ways[direction]
    return sql`(select ${next}(p.id) from ${posts} p where p.author_id = ${of} and p.id ${isBeyond} ${from})`
  })
}

/** The same of some hashtags (`tags`: a select of one column `id`, keys as of tagKey). */
export function idsOfTags(tags: SQL, direction: Direction, count: never): SQL {
  return nearestIds(sql`select id from (${tags}) as tags_asked`, direction, count, (of, from) => {
    const { next, isBeyond } = ways[direction]
    return sql`(select ${next}(p.post_id) from ${postTags} p where p.tag = ${of} and p.post_id ${isBeyond} ${from})`
  })
}

/** A post that stands under several sources counts once, or a page would end before its rows do. */
function nearestIds(sources: SQL, direction: Direction, count: never, nextOf: (of: SQL, from: SQL) => SQL): SQL {
  const { from, to, isShort, word, end, none } = ways[direction]
  return sql`with recursive
    sources(id) as (${sources}),
    newest(source, id) as materialized (select sources.id, ${nextOf(sql`sources.id`, sql`${from}`)} from sources),
    top(id) as (select distinct id from newest where id ${isShort} ${to} order by id ${word} limit ${count}),
    lowest(id) as (select case when count(*) = ${count} then ${end}(id) else ${none} end from top),
    steps(source, id, step) as (select source, id, 1 from newest where id in (select id from top) union all
      select s.source, ${nextOf(sql`s.source`, sql`s.id`)}, s.step + 1
      from steps s where s.step < ${count} and s.id ${isShort} (select id from lowest))
    select distinct id from steps where id ${isShort} ${to} order by id ${word} limit ${count}`
}
