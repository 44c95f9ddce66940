import { type SQL, sql } from 'drizzle-orm'
import { posts, postTags } from '#db/schema/posts.ts'
import { type Direction, ways } from '#server/timelines/candidates.ts'

/** How far of each near author is looked at once, so that a page of few authors who write much is not walked in the posts of each. */
const strideRows = 5

/**
 * Ids of the next posts of some authors (`authors`: a select of one column `id`), however dormant they are: the next of each; of the authors whose next are the
 * nearest, one post after the other, down to where a page is full for certain: to the last of these, or to a fifth post of an author, when enough have theirs
 * above it. Costs one look-up an author, one of five rows for each of the nearest, and about as many more as the page has rows; at most some times as many.
 */
export function idsOfAuthors(authors: SQL, direction: Direction, count: never): SQL {
  return nearestIds(
    sql`select id from (${authors}) as authors_asked`,
    direction,
    count,
    (of, from) => {
      const { next, isBeyond } = ways[direction]
      return sql`(select ${next}(p.id) from ${posts} p where p.author_id = ${of} and p.id ${isBeyond} ${from})`
    },
    (of) => {
      const { word, isBeyond, from } = ways[direction]
      return sql`(select p.id from ${posts} p where p.author_id = ${of} and p.id ${isBeyond} ${from} order by p.id ${word} limit 1 offset ${sql.raw(String(strideRows - 1))})`
    }
  )
}

/** The same of some hashtags (`tags`: a select of one column `id`, keys as of tagKey). */
export function idsOfTags(tags: SQL, direction: Direction, count: never): SQL {
  return nearestIds(sql`select id from (${tags}) as tags_asked`, direction, count, (of, from) => {
    const { next, isBeyond } = ways[direction]
    return sql`(select ${next}(p.post_id) from ${postTags} p where p.tag = ${of} and p.post_id ${isBeyond} ${from})`
  })
}

/**
 * A post that stands under several sources counts once, or a page would end before its rows do; `strideOf` is for sources that share none: a source's post at
 * `strideRows`. Where as many sources as fill the page have theirs, the nearest of these lies no further than the page's end.
 */
function nearestIds(
  sources: SQL,
  direction: Direction,
  count: never,
  nextOf: (of: SQL, from: SQL) => SQL,
  strideOf?: (of: SQL) => SQL
): SQL {
  const { from, to, isShort, word, end, next, none } = ways[direction]
  const strides = strideOf
    ? sql`strides(id) as materialized (select ${strideOf(sql`newest.source`)} from newest where id in (select id from top)),`
    : sql``
  const ofStrides = strideOf
    ? sql` union all select * from (select id from strides where id is not null order by id ${word} limit 1 offset (${count} - 1) / ${sql.raw(String(strideRows))}) as full_page`
    : sql``
  return sql`with recursive
    sources(id) as (${sources}),
    newest(source, id) as materialized (select sources.id, ${nextOf(sql`sources.id`, sql`${from}`)} from sources),
    top(id) as (select distinct id from newest where id ${isShort} ${to} order by id ${word} limit ${count}),
    ${strides}
    lowest(id) as (select ${next}(id) from (select case when count(*) = ${count} then ${end}(id) else ${none} end as id from top${ofStrides}) as ends),
    steps(source, id, step) as (select source, id, 1 from newest where id in (select id from top) union all
      select s.source, ${nextOf(sql`s.source`, sql`s.id`)}, s.step + 1
      from steps s where s.step < ${count} and s.id ${isShort} (select id from lowest))
    select distinct id from steps where id ${isShort} ${to} order by id ${word} limit ${count}`
}
