import type { Visibility } from '#db/schema/posts.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'
import { type CheckedPoll, checkPoll, type DraftPoll } from '#server/polls/check-poll.ts'
import type { AttachedMedia } from '#server/posts/attach-media.ts'

const warningCharactersMax = 500
const visibilities: readonly Visibility[] = ['public', 'unlisted', 'followers', 'direct']
/** BCP 47, as far as we look at it: a language with a script, region or variant. */
const languageTag = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i

export interface Draft {
  text: string
  /** Content warning; empty or absent for none. */
  warning?: string
  visibility?: Visibility
  /** Hides the pictures until asked for; a warning does so anyway. */
  isSensitive?: boolean
  /** For people of this instance alone, of those its visibility names. */
  isLocalOnly?: boolean
  /** The text is Markdown, else plain. */
  isMarkdown?: boolean
  /** BCP 47; absent when unknown. */
  language?: string
  /** The author's own pictures, in the order they are shown. */
  media?: readonly AttachedMedia[]
  /** What it asks; null for nothing. Absent is nothing for a new post, and at an edit what it asks already. */
  poll?: DraftPoll | null
}

export interface CheckedDraft {
  text: string
  warning: string
  visibility: Visibility
  isSensitive: boolean
  isLocalOnly: boolean
  isMarkdown: boolean
  language: string | null
  media: readonly AttachedMedia[]
  /** Null for none, undefined when nothing was said. */
  poll: CheckedPoll | null | undefined
}

/**
 * What a person wrote, cleaned and held against the limits; `charactersMax` counts code points, so that an emoji made of several counts as
 * several. A refusal for each field that is wrong: text empty without a picture, text or warning too long, an unknown visibility or language, and checkPoll's. Pure.
 */
export function checkDraft(draft: Draft, charactersMax: number): CheckedDraft {
  const media = draft.media ?? []
  const checked = checkEach({
    warning: () => checkWarning(draft.warning),
    text: () => checkText(draft.text, { charactersMax, mayBeEmpty: media.length > 0 }),
    poll: () => (draft.poll ? checkPoll(draft.poll) : draft.poll),
    visibility: () => checkVisibility(draft.visibility),
    language: () => checkLanguage(draft.language)
  })
  return {
    ...checked,
    isSensitive: Boolean(draft.isSensitive) || checked.warning !== '',
    isLocalOnly: Boolean(draft.isLocalOnly),
    isMarkdown: Boolean(draft.isMarkdown),
    media
  }
}

function checkText(typed: string, { charactersMax, mayBeEmpty }: { charactersMax: number; mayBeEmpty: boolean }): string {
  const text = cleanText(typed).trim()
  if (text === '' && !mayBeEmpty) throw new Refusal('invalid', 'errors.postEmpty', {}, 'text')
  const count = countCharacters(text)
  if (count > charactersMax) throw new Refusal('invalid', 'errors.postTooLong', { max: charactersMax, count }, 'text')
  return text
}

function checkWarning(typed = ''): string {
  const warning = cleanText(typed).replace(/\s+/gu, ' ').trim()
  if (countCharacters(warning) > warningCharactersMax)
    throw new Refusal('invalid', 'errors.warningTooLong', { max: warningCharactersMax }, 'warning')
  return warning
}

function checkVisibility(visibility: Visibility = 'public'): Visibility {
  if (!visibilities.includes(visibility)) throw new Refusal('invalid', 'errors.visibilityUnknown', {}, 'visibility')
  return visibility
}

const width: Record<Visibility, number> = { public: 3, unlisted: 2, followers: 1, direct: 0 }

/** A reply to something that is not for everybody is never wider than what it answers: it would carry its topic, and often its words, outside. Pure. */
export function narrowTo(parent: Visibility | undefined, wanted: Visibility): Visibility {
  if (parent !== 'followers' && parent !== 'direct') return wanted
  return width[parent] < width[wanted] ? parent : wanted
}

/** What a reply begins with: what its author mostly chooses, or the visibility of what it answers where that is narrower. Pure. */
export function narrowByDefault(parent: Visibility, wanted: Visibility): Visibility {
  return width[parent] < width[wanted] ? parent : wanted
}

/** A language as it is kept; null when none was said. Refusal('invalid') for what has not the form of a BCP 47 tag. Pure. */
export function checkLanguage(language: string | undefined): string | null {
  if (language === undefined || language === '') return null
  if (!languageTag.test(language)) throw new Refusal('invalid', 'errors.languageUnknown', {}, 'language')
  return language
}
