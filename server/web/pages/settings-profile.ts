import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bioCharactersMax, checkProfile, fieldsMax, type Profile, updateProfile } from '#server/accounts/update-profile.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { imageTypesTaken } from '#server/media/image-kinds.ts'
import { replacePicture } from '#server/media/replace-picture.ts'
import { profilePicturesOf } from '#server/accounts/avatars.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { featuredTagsMax, featuredTagsOf, featureTag, unfeatureTag } from '#server/profiles/featured-tags.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const positions = Array.from({ length: fieldsMax }, (_, at) => at + 1)

export function settingsProfileRoutes(app: FastifyInstance, ctx: Context): void {
  featuredTagRoutes(app, ctx)
  app.get('/settings/profile', { config }, blank(show))

  app.post(
    '/settings/profile',
    { config: { ...config, filesMax: 2 } },
    submitted(show, async (request, reply, form) => {
      const who = request.who!
      const profile = readProfile(form)
      // What can be refused comes first, so that nothing is half saved.
      const files = checkEach({
        profile: () => checkProfile(profile),
        avatar: () => form.files('avatar').at(-1),
        header: () => form.files('header').at(-1)
      })
      for (const use of ['avatar', 'header'] as const) {
        const file = files[use]
        if (file) await replacePicture(ctx, who, { use, bytes: file.bytes }).catch((error: unknown) => refuseAt(use, error))
      }
      await updateProfile(ctx, who, profile)
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/settings/profile', 303)
    })
  )
}

/** Tags that stand on one's profile; what is wrong with one is told on the page they belong to. */
function featuredTagRoutes(app: FastifyInstance, ctx: Context): void {
  app.post(
    '/settings/profile/tags',
    { config },
    submitted(showAfterTag, async (request, reply, form) => {
      await featureTag(ctx, request.who!, form.text('tag'))
      return reply.redirect('/settings/profile#tags', 303)
    })
  )

  app.post('/settings/profile/tags/remove', { config }, async (request, reply) => {
    const { tag } = request.query as Record<string, string | string[]>
    await unfeatureTag(ctx, request.who!, String(tag ?? ''))
    return reply.redirect('/settings/profile#tags', 303)
  })
}

/** The other fields of the page show what is stored: only a tag was typed. */
function showAfterTag(request: FastifyRequest, reply: FastifyReply, typedTag: Typed): Promise<FastifyReply> {
  return show(request, reply, new Typed(), typedTag)
}

/** What is wrong with a picture is told beside the input it came from. */
function refuseAt(field: string, error: unknown): never {
  throw error instanceof Refusal ? new Refusal(error.kind, error.key, error.values, field) : error
}

function readProfile(form: Form): Profile {
  return {
    displayName: form.text('displayName'),
    bioText: form.text('note'),
    fields: positions.map((position) => ({ name: form.text(`fieldName-${position}`), value: form.text(`fieldValue-${position}`) })),
    isLocked: form.has('isLocked'),
    isBot: form.has('isBot')
  }
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, typedTag = new Typed()): Promise<FastifyReply> {
  const { ctx } = request.server
  const { t } = request
  const { account } = request.who as Person
  const pictures = await profilePicturesOf(ctx.db, account)
  const tags = await featuredTagsOf(ctx.db, account.id)
  const stored = (position: number) => account.fields[position - 1]
  const view = {
    tabs: settingsTabs(request, 'profile'),
    path: '/settings/profile',
    error: typed.error,
    displayName: typed.input('displayName', account.displayName),
    note: typed.input('note', account.bioText ?? ''),
    noteCharactersMax: bioCharactersMax,
    isLocked: typed.check('isLocked', account.isLocked),
    isBot: typed.check('isBot', account.type === 'Service'),
    fields: positions.map((position) => ({
      position,
      name: { name: `fieldName-${position}`, input: typed.input(`fieldName-${position}`, stored(position)?.name) },
      value: { name: `fieldValue-${position}`, input: typed.input(`fieldValue-${position}`, htmlToText(stored(position)?.valueHtml ?? '')) }
    })),
    avatarUrl: pictures.avatarKey && `/media/${pictures.avatarKey}`,
    avatarError: typed.errorOf('avatar'),
    headerUrl: pictures.headerKey && `/media/${pictures.headerKey}`,
    headerError: typed.errorOf('header'),
    imageTypes: imageTypesTaken.join(','),
    tagInput: tags.length < featuredTagsMax ? typedTag.input('tag') : undefined,
    tags: tags.map((tag) => ({
      tag: `#${tag}`,
      remove: {
        path: `/settings/profile/tags/remove?tag=${encodeURIComponent(tag)}`,
        label: t('settings.tagRemove'),
        name: t('settings.tagRemoveName', { tag }),
        tone: 'plain' as const
      }
    }))
  }
  return page(reply, 'settings-profile', view, { title: t('settings.profile'), status: typed.isSent ? typed.status : typedTag.status })
}
