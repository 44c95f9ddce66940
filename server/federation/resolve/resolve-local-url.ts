import { findAccountByHandle, findLocalAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { Resolved } from '#server/peers/fediverse.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'

const localPost = /^\/@([^/@]+)\/([1-9]\d{0,15})\/?$/
const localProfile = /^\/@([^/@]+)\/?$/
const remoteProfile = /^\/(@[^/@]+@[^/@]+)\/?$/

/** An address of our own is looked up and never asked over HTTP, however it is spelled. */
export async function resolveLocalUrl(ctx: Context, url: URL): Promise<Resolved> {
  const path = decodePath(url.pathname)
  const [, author, id] = localPost.exec(path) ?? []
  if (author !== undefined) {
    const row = await findOutgoing(ctx.db, Number(id))
    const isThere = row && row.authorName.toLowerCase() === author.toLowerCase() && row.post.deletedAt === null
    return isThere ? { kind: 'post', postId: row.post.boostOfId ?? row.post.id } : { kind: 'nothing' }
  }
  const name = localProfile.exec(path)?.[1]
  const handle = remoteProfile.exec(path)?.[1]
  const account =
    name !== undefined
      ? await findLocalAccount(ctx.db, name)
      : handle !== undefined
        ? await findAccountByHandle(ctx.db, handle, ctx.config)
        : undefined
  return account ? { kind: 'account', accountId: account.id } : { kind: 'nothing' }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
