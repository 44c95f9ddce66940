import type { NotificationKind } from '#db/schema/notifications.ts'

/** What a row must say to be grouped. */
export interface Groupable {
  id: number
  kind: NotificationKind
  postId: number
  createdAt: number
}

const dayMs = 24 * 60 * 60_000
/** What many do with one post, and asks for nothing in return. */
const aboutPost = new Set<NotificationKind>(['favourite', 'boost', 'reaction'])

/** Rows that tell of the same: all that is done with one post, and those who begin to follow on one day (UTC); every other row is alone. Pure. */
export function groupKey({ id, kind, postId, createdAt }: Groupable): string {
  if (aboutPost.has(kind)) return `post ${postId}`
  return kind === 'follow' ? `follow ${Math.floor(createdAt / dayMs)}` : `row ${id}`
}

/**
 * Groups of rows in the order of their newest, as many as asked for; `rows` come newest first. `taken` is how many rows are in them: the first row
 * that would begin one group too many ends it. Pure.
 */
export function groupRows<Row extends Groupable>(rows: readonly Row[], groupsMax: number): { groups: Row[][]; taken: number } {
  const groups = new Map<string, Row[]>()
  let taken = 0
  for (const row of rows) {
    const key = groupKey(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else if (groups.size === groupsMax) break
    else groups.set(key, [row])
    taken++
  }
  return { groups: [...groups.values()], taken }
}
