import { type DraftContent, contentOf, type DraftRow } from '#server/drafts/draft-content.ts'
import { Refusal } from '#server/errors.ts'
import type { Media } from '#server/media/upload-image.ts'
import { readId } from '#server/platform/ids.ts'
import { readLocalTime, writeLocalTime } from '#server/platform/zoned-time.ts'
import type { AttachedMedia } from '#server/posts/attach-media.ts'
import { threadPartsMax } from '#server/posts/prepare-post.ts'
import { Form } from '#server/web/form.ts'
import { focusOf } from '#server/web/views/focus-choice.ts'
import { policiesOf } from '#server/web/views/policy-fields.ts'
import { addPollFields, pollOf } from '#server/web/views/poll-fields.ts'

const visibilities = ['public', 'unlisted', 'followers', 'direct'] as const

/** Names of the fields that each part of a thread has; the first part's are plain, those of the second end in 2. */
export function partFields(at: number): { text: string; images: string; media: string } {
  const end = at === 0 ? '' : String(at + 1)
  return { text: `text${end}`, images: `images${end}`, media: `media${end}` }
}

/** How many parts a form holds; one more than there may be when it holds too many. */
export function countParts(form: Form): number {
  let count = 1
  while (count <= threadPartsMax && form.has(partFields(count).text)) count++
  return count
}

/** What a form of the composer holds. `pictures` are those of each part. Refusals: 'invalid' for a time that nobody can read, 'conflict' for a post that nobody can find. */
export function readContent(form: Form, pictures: readonly (readonly Media[])[], timeZone: string): DraftContent {
  const parts = pictures.map((images, at) => ({
    text: form.text(partFields(at).text),
    media: images.map((image) => pictureIn(form, image))
  }))
  return {
    parts,
    warning: form.text('warning'),
    visibility: visibilityIn(form),
    language: form.text('language') || null,
    isSensitive: form.has('sensitive'),
    isLocalOnly: form.has('localOnly'),
    isMarkdown: form.has('markdown'),
    poll: pollOf(form) ?? null,
    policies: policiesOf(form),
    replyToId: idIn(form, 'replyTo', 'errors.parentMissing'),
    quoteId: idIn(form, 'quote', 'errors.quotedMissing'),
    publishAt: timeIn(form, timeZone)
  }
}

/** A draft as the form it was written in. */
export function formOfDraft(draft: DraftRow, timeZone: string): Form {
  const { warning, visibility, language, poll, policies, replyToId, quoteId, publishAt, ...content } = contentOf(draft)
  const form = new Form()
  form.add('idempotencyKey', draft.key)
  for (const [at, part] of content.parts.entries()) {
    const names = partFields(at)
    form.add(names.text, part.text)
    for (const { id } of part.media) form.add(names.media, String(id))
  }
  form.add('warning', warning)
  form.add('visibility', visibility)
  if (language !== null) form.add('language', language)
  if (content.isSensitive) form.add('sensitive', 'yes')
  if (content.isLocalOnly) form.add('localOnly', 'yes')
  if (content.isMarkdown) form.add('markdown', 'yes')
  if (poll) addPollFields(form, poll)
  for (const [name, choice] of Object.entries(policies)) form.add(name, choice)
  if (replyToId !== null) form.add('replyTo', String(replyToId))
  if (quoteId !== null) form.add('quote', String(quoteId))
  if (publishAt !== null) form.add('publishAt', writeLocalTime(publishAt, timeZone))
  return form
}

function visibilityIn(form: Form): DraftContent['visibility'] {
  if (!form.has('visibility')) return 'public'
  const known = visibilities.find((each) => each === form.text('visibility'))
  if (!known) throw new Refusal('invalid', 'errors.visibilityUnknown', {}, 'visibility')
  return known
}

/** What a form says of a picture: its words, and which part of it always shows. */
export function pictureIn(form: Form, image: Media): AttachedMedia {
  const focus = focusOf(form, image)
  const field = `alt-${image.id}`
  return { id: image.id, ...(form.has(field) ? { alt: form.text(field) } : {}), ...(focus ? { focus } : {}) }
}

function idIn(form: Form, name: string, key: string): number | null {
  const text = form.text(name)
  if (text === '') return null
  const id = readId(text)
  if (id === undefined) throw new Refusal('conflict', key)
  return id
}

function timeIn(form: Form, timeZone: string): number | null {
  const text = form.text('publishAt').trim()
  if (text === '') return null
  const at = readLocalTime(text, timeZone)
  if (at === undefined) throw new Refusal('invalid', 'errors.scheduleUnreadable', {}, 'publishAt')
  return at
}
