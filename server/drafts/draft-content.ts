import type { drafts } from '#db/schema/drafts.ts'
import type { Visibility } from '#db/schema/posts.ts'
import { Refusal } from '#server/errors.ts'
import { type ChosenPolicies, checkPolicies } from '#server/interactions/policy-choices.ts'
import { countCharacters } from '#server/platform/clean-text.ts'
import type { DraftPoll } from '#server/polls/check-poll.ts'
import type { AttachedMedia } from '#server/posts/attach-media.ts'
import { threadPartsMax } from '#server/posts/prepare-post.ts'

/** Drafts one person may have, those scheduled not counted. */
export const draftsMax = 100
/** All words of one draft together, in code points: many times what a post may hold, so that a text that has to be cut is kept too. */
export const draftCharactersMax = 200_000

export type DraftRow = typeof drafts.$inferSelect

/** What somebody has written, as far as they have come. */
export interface DraftContent {
  /** The post, and those that go on from it: one at least. */
  parts: readonly { text: string; media: readonly AttachedMedia[] }[]
  warning: string
  visibility: Visibility
  /** BCP 47; null when none was said. */
  language: string | null
  isSensitive: boolean
  isLocalOnly: boolean
  isMarkdown: boolean
  poll: DraftPoll | null
  policies: ChosenPolicies
  replyToId: number | null
  quoteId: number | null
  /** When it is to be published, ms since 1970; null for no time. */
  publishAt: number | null
}

/** What a draft held, as it was written. Pure. */
export function contentOf(draft: DraftRow): DraftContent {
  const { poll } = draft
  return {
    ...draft,
    parts: draft.parts.map(({ text, mediaIds }) => ({ text, media: mediaIds.map((id) => ({ id })) })),
    poll: poll && { options: poll.options, isMultiple: poll.isMultiple, ...(poll.lastsS === null ? {} : { lastsS: poll.lastsS }) },
    policies: draft.policies as ChosenPolicies
  }
}

/**
 * Holds a draft against what is kept of one; whether it could be published is not asked. Refusal('invalid') for more than threadPartsMax parts, more than `imagesMax`
 * pictures in one, or more than draftCharactersMax characters; checkPolicies'. Pure.
 */
export function checkContent({ parts, warning, poll, policies, language }: DraftContent, imagesMax: number): void {
  checkPolicies(policies)
  if (parts.length === 0 || parts.length > threadPartsMax)
    throw new Refusal('invalid', 'errors.threadTooLong', { max: threadPartsMax }, 'text')
  const crowded = parts.findIndex(({ media }) => media.length > imagesMax)
  if (crowded !== -1)
    throw new Refusal('invalid', 'errors.tooManyImages', { max: imagesMax }, crowded === 0 ? 'images' : `images${crowded + 1}`)
  const words = [...parts.map(({ text }) => text), warning, language ?? '', ...(poll?.options ?? [])]
  const count = words.reduce((sum, text) => sum + countCharacters(text), 0)
  if (count > draftCharactersMax) throw new Refusal('invalid', 'errors.draftTooLong', { max: draftCharactersMax }, 'text')
}
