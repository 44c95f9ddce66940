import { receiveActorDelete } from '#server/accounts/receive-actor-delete.ts'
import { takeDeleteOfGroup } from '#server/federation/inbox/of-group.ts'
import { accept, requireOwnHost, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'
import { receiveAuthorizationDelete } from '#server/interactions/receive-answer.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receiveUnboost } from '#server/posts/receive-boost.ts'
import { receivePostDelete } from '#server/posts/receive-post-delete.ts'

/** Delete: of a post (by id or Tombstone), of a boost, of an authorization, or of the actor itself. Of anybody else's it is refused or does nothing, but for a group's posts (see of-group.ts). */
export const deleteVerb: Verb = async (ctx, inbound) => {
  const uri = soleObjectId(inbound)
  requireOwnHost(inbound, uri, 'The object')
  const { actor } = inbound
  if (uri !== actor.uri && (await takeDeleteOfGroup(ctx, inbound, uri))) return
  return accept(ctx, inbound, async (tx) => {
    if (uri === actor.uri) await receiveActorDelete(tx, actor.id)
    else if (await receiveUnboost(tx, { boosterId: actor.id, uri })) return
    // Of what is no post here it may be an authorization: nearly every Delete is of a post.
    else if ((await findPostByUri(tx, uri)) || !(await receiveAuthorizationDelete(tx, { uri, authorId: actor.id })))
      await receivePostDelete(tx, { uri, authorId: actor.id })
  })
}
