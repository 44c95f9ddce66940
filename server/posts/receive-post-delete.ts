import type { Tx } from '#db/reader.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { removePost } from '#server/posts/remove-post.ts'
import { bury } from '#server/posts/tombstones.ts'

/**
 * A remote author deleted a post, in the transaction of the receipt. A tombstone keeps a late Create from reviving it, known here or not.
 * False, and nothing happens, when it is somebody else's or one of ours. The caller has checked that `uri` lies on the author's origin.
 */
export async function receivePostDelete(tx: Tx, { uri, authorId }: { uri: string; authorId: number }): Promise<boolean> {
  const post = await findPostByUri(tx, uri)
  if (post && (post.authorId !== authorId || post.isLocal || post.boostOfId !== null)) return false
  await bury(tx, { uri, authorId, isTheirs: post !== undefined })
  if (post) await removePost(tx, post)
  return true
}
