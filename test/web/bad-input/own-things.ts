import { passkeys } from '#db/schema/factors.ts'
import { importRows, imports } from '#db/schema/imports.ts'
import { saveDraft } from '#server/drafts/save-draft.ts'
import { scheduleDraft } from '#server/drafts/schedule-draft.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { startSession } from '#server/sign-in/sessions.ts'
import { followTag } from '#server/timelines/followed-tags.ts'
import { letIn } from '#test/apps/let-in.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { pictureOf } from '#test/web/world.ts'

const hourMs = 3_600_000
const emptyDraft = {
  warning: '',
  visibility: 'public',
  language: null,
  isSensitive: false,
  isLocalOnly: false,
  isMarkdown: false,
  poll: null,
  policies: {},
  replyToId: null,
  quoteId: null
} as const

/** What alice alone can look up, a new one at each call; `next` numbers what is told apart by its name. */
export function ownThings(instance: Instance, next: () => number) {
  const { ctx } = instance

  /** Something alice has begun: with a picture where pictures are described, and waiting for its time where that is taken back. */
  async function draft(ending = ''): Promise<number> {
    const who = await whoIs(instance, 'alice')
    const number = next()
    const isTimed = /publish|unschedule/.test(ending)
    const picture = ending === 'images' ? [await uploadImage(ctx, who, { bytes: pictureOf('a.png').bytes })] : []
    const parts = [inBrackets(`Draft ${number}`), inBrackets('and more')].map((text, at) => ({ text, media: at === 0 ? picture : [] }))
    const content = { ...emptyDraft, parts, publishAt: isTimed ? ctx.clock.now() + number * hourMs : null }
    return (await (isTimed ? scheduleDraft : saveDraft)(ctx, who, { key: ctx.random.token(), content })).id
  }

  /** What alice brought along, of which one line failed. */
  async function broughtAlong(): Promise<number> {
    const { account } = await instance.as('alice')
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const times = { createdAt: tx.now, endedAt: tx.now }
      await tx.insert(imports).values({ id, accountId: account.id, kind: 'follows', rowsCount: 1, ...times })
      const row = { importId: id, subject: `who${next()}@gone.test`, state: 'failed' as const, reasonKey: 'import.nobody' }
      await tx.insert(importRows).values({ id: tx.newId(), ...row })
      return id
    })
  }

  async function tag(ending = ''): Promise<string> {
    const name = `topic${next()}`
    return ending === 'unfollow' ? followTag(ctx, await whoIs(instance, 'alice'), { tag: name }) : name
  }

  /** Bob says something to alice alone; its thread stands for the conversation. */
  async function conversation(): Promise<number> {
    const text = `@alice ${inBrackets(`Between us ${next()}`)}`
    return (await publishPost(ctx, await whoIs(instance, 'bob'), { text, visibility: 'direct' })).threadId
  }

  async function session(): Promise<number> {
    const { account } = await instance.as('alice')
    return (await ctx.transact((tx) => startSession(tx, account.id, ctx.random.token(), { userAgent: '', address: '192.0.2.1' }))).id
  }

  async function app(): Promise<number> {
    return (await letIn(ctx, await whoIs(instance, 'alice'), inBrackets(`App ${next()}`))).appId
  }

  async function passkey(): Promise<number> {
    const { account } = await instance.as('alice')
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const number = next()
      const key = { credentialId: `key-${number}`, publicKey: '', counter: 0, name: inBrackets(`Key ${number}`) }
      await tx.insert(passkeys).values({ id, accountId: account.id, ...key, createdAt: tx.now })
      return id
    })
  }

  return { draft, broughtAlong, tag, conversation, session, app, passkey }
}
