import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { listOwnMedia } from '#server/media/list-media.ts'
import { removeMedia } from '#server/media/remove-media.ts'
import { type Media, uploadImage } from '#server/media/upload-image.ts'
import { readId } from '#server/platform/ids.ts'
import type { Form } from '#server/web/form.ts'
import { countParts, partFields } from '#server/web/views/draft-fields.ts'

/** The pictures of a form, part by part. */
export interface FormImages {
  parts: Media[][]
  /** Whether some came along with the form, and nobody was asked yet what they show. */
  hasNew: boolean
}

/**
 * The pictures a form names, without the one to remove, with what was uploaded along with it. What is uploaded stands in the form from then on, so that it is
 * kept when something else is refused. `postId` is the post that is edited. Refusals: 'invalid' for more than there may be, uploadImage's.
 */
export async function takeImages(ctx: Context, who: Person, form: Form, postId?: number): Promise<FormImages> {
  const parts: Media[][] = []
  let hasNew = false
  for (let at = 0; at < countParts(form); at++) {
    const names = partFields(at)
    const kept = await withoutRemoved(ctx, who, form, await keptImages(ctx, who, form, at, postId))
    const files = form.files(names.images)
    const max = ctx.config.limits.imagesPerPostMax
    if (kept.length + files.length > max) throw new Refusal('invalid', 'errors.tooManyImages', { max }, names.images)
    for (const { bytes } of files) {
      const image = await inField(names.images, () => uploadImage(ctx, who, { bytes }))
      form.add(names.media, String(image.id))
      kept.push(image)
    }
    if (files.length > 0) hasNew = true
    parts.push(kept)
  }
  return { parts, hasNew }
}

/** The pictures that a part of a form names, as far as they are the person's own and wait for a post, or show on `postId`. */
export function keptImages(ctx: Context, who: Person, form: Form, at = 0, postId?: number): Promise<Media[]> {
  const ids = form.all(partFields(at).media).flatMap((typed) => readId(typed) ?? [])
  return listOwnMedia(ctx.db, who.account.id, [...new Set(ids)], postId)
}

/** All that a form names, part by part. */
export async function keptParts(ctx: Context, who: Person, form: Form): Promise<Media[][]> {
  const parts: Media[][] = []
  for (let at = 0; at < countParts(form); at++) parts.push(await keptImages(ctx, who, form, at))
  return parts
}

async function withoutRemoved(ctx: Context, who: Person, form: Form, kept: Media[]): Promise<Media[]> {
  const gone = kept.find(({ id }) => String(id) === form.text('removeImage'))
  // One that shows on a published post goes with the edit, and one of a draft with the draft's next state; neither before.
  if (gone && gone.postId === null && gone.draftId === null) await removeMedia(ctx, who, gone.id)
  return kept.filter((image) => image !== gone)
}

/** A picture that was refused is told beside the field it came in. */
async function inField<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.field !== 'images') throw error
    throw new Refusal(error.kind, error.key, error.values, field)
  }
}
