import { type SQL, sql } from 'drizzle-orm'
import { isThere } from '#server/posts/is-there.ts'

/**
 * Whether somebody here has to do with a post (`posts` in the query around it): bookmarked, boosted, favourited or reacted to it, voted in its poll, is
 * addressed by it, wrote in its thread, quoted it or is quoted by it, asked or is asked about it, or reported it. What is touched is kept whatever the
 * limits say. A feature that lets people touch posts in another way adds its line.
 */
export function isTouched(): SQL<boolean> {
  const byOneOfUs = (rows: SQL) =>
    isThere(sql`from ${rows} and exists (select 1 from accounts a where a.id = r.account_id and a.domain is null)`)
  const ways = [
    isThere(sql`from bookmarks r where r.post_id = posts.id`),
    isThere(sql`from posts r where r.boost_of_id = posts.id and r.is_local`),
    isThere(sql`from posts r where r.thread_id = posts.thread_id and r.is_local`),
    byOneOfUs(sql`favourites r where r.post_id = posts.id`),
    byOneOfUs(sql`reactions r where r.post_id = posts.id`),
    byOneOfUs(sql`poll_votes r where r.post_id = posts.id`),
    byOneOfUs(sql`post_audience r where r.post_id = posts.id`),
    byOneOfUs(sql`post_mentions r where r.post_id = posts.id`),
    isThere(sql`from quotes r join posts q on q.id = r.post_id where r.quoted_id = posts.id and q.is_local`),
    isThere(sql`from quotes r join posts q on q.id = r.quoted_id where r.post_id = posts.id and q.is_local`),
    isThere(sql`from interactions r join posts q on q.id = r.target_id where r.post_id = posts.id and q.is_local`),
    isThere(sql`from interactions r join accounts a on a.id = r.from_id where r.target_id = posts.id and a.domain is null`),
    isThere(sql`from report_posts r where r.post_id = posts.id`)
  ]
  return sql`(${sql.join(ways, sql` or `)})`
}

/** Whether somebody here follows the account whose id stands in `column`. */
export function isOfFollowed(column: SQL): SQL<boolean> {
  return isThere(
    sql`from follows f where f.followed_id = ${column} and f.state = 'accepted' and exists (select 1 from accounts a where a.id = f.follower_id and a.domain is null)`
  ) as SQL<boolean>
}
