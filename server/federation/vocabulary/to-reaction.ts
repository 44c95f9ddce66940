import { activityStreams } from '#server/federation/vocabulary/context.ts'
import { emojiTerms } from '#server/federation/vocabulary/to-emoji.ts'
import type { Activity } from '#server/federation/vocabulary/to-activity.ts'

/** The words of a reaction beyond ActivityStreams, spelled out. */
const reactionContext = [
  activityStreams,
  {
    ...emojiTerms,
    misskey: 'https://misskey-hub.net/ns#',
    _misskey_reaction: 'misskey:_misskey_reaction'
  }
] as const

export interface OutgoingReaction {
  uri: string
  actorUri: string
  objectUri: string
  objectAuthorUri: string
  /** An emoji of Unicode, or `:shortcode:`. */
  emoji: string
  /** The tag of a custom emoji. */
  picture: Record<string, unknown> | undefined
}

/**
 * A reaction as a Like with the emoji in `content` and `_misskey_reaction`: whoever knows neither counts a favourite. A custom emoji comes along as a tag.
 */
export function toReaction(reaction: OutgoingReaction): Activity {
  const { emoji, picture } = reaction
  return {
    '@context': reactionContext,
    id: reaction.uri,
    type: 'Like',
    actor: reaction.actorUri,
    to: [reaction.objectAuthorUri],
    object: reaction.objectUri,
    content: emoji,
    _misskey_reaction: emoji,
    tag: picture ? [picture] : []
  }
}
