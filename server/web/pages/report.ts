import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { getAccount } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { commentCharactersMax, fileReport, reportCategories } from '#server/moderation/file-report.ts'
import { findOpenReport } from '#server/moderation/open-report.ts'
import { isReportable } from '#server/moderation/reportable.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { readId } from '#server/platform/ids.ts'
import { getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { profile } from '#server/timelines/profile.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { postPath } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** What the form is about: an account, and the post it was reported from. */
interface Reported {
  path: string
  account: Account
  post: PostRow | undefined
}

const config = { access: 'signed-in', cache: 'none' } as const
const offeredMax = 5
const excerptCharactersMax = 140

/** People tell the moderators of an account, with or without posts of it. */
export function reportRoutes(app: FastifyInstance, ctx: Context): void {
  const kinds = { posts: findPost, accounts: findAccount }
  for (const [kind, find] of Object.entries(kinds)) {
    const path = `/${kind}/:id/report`
    app.get<IdRequest>(path, { config }, async (request, reply) => show(request, reply, await find(ctx, request), new Typed()))

    app.post<IdRequest>(path, { config }, async (request, reply) => {
      const reported = await find(ctx, request)
      return submitted(
        (_request, _reply, typed) => show(request, reply, reported, typed),
        async (_request, _reply, form) => {
          const said = form.parse({
            category: v.picklist(reportCategories, 'report.chooseCategory'),
            comment: v.string(),
            forward: v.boolean()
          })
          const { category, comment, forward: isForwarded } = said
          const postIds = form.all('postIds').map(readPostId)
          const input = { accountId: reported.account.id, postIds, category, comment, isForwarded }
          const { isAdded } = await fileReport(ctx, request.who!, input)
          setFlash(reply, 'good', isAdded ? 'flash.reportAdded' : 'flash.reported')
          return reply.redirect(backFrom(reported), 303)
        }
      )(request, reply)
    })
  }
}

async function findPost(ctx: Context, request: FastifyRequest<IdRequest>): Promise<Reported> {
  const post = await getOriginal(ctx.db, request.who!.account.id, idAsked(request))
  return { path: `/posts/${post.id}/report`, account: await getReportable(ctx, post.authorId), post }
}

async function findAccount(ctx: Context, request: FastifyRequest<IdRequest>): Promise<Reported> {
  const account = await getReportable(ctx, idAsked(request))
  return { path: `/accounts/${account.id}/report`, account, post: undefined }
}

async function getReportable(ctx: Context, id: number): Promise<Account> {
  const account = await getAccount(ctx.db, id)
  if (!isReportable(account)) throw new Refusal('missing', 'errors.noSuchAccount')
  return account
}

function readPostId(typed: string): number {
  const id = readId(typed)
  if (id === undefined) throw new Refusal('missing', 'errors.missing')
  return id
}

async function show(request: FastifyRequest, reply: FastifyReply, reported: Reported, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const { account, post } = reported
  const [shown] = await viewAccounts(ctx, [account])
  const open = await findOpenReport(ctx.db, request.who!.account.id, account.id)
  // What went elsewhere went once; what is added stays with the moderators here.
  const home = await forwardHost(ctx, account)
  const host = open?.isForwarded ? undefined : home
  const ticked = new Set(typed.isSent ? typed.form.all('postIds') : post ? [String(post.id)] : [])
  const view = {
    path: reported.path,
    error: typed.error ?? typed.errorOf('postIds'),
    account: shown!,
    open: open && {
      text: t('report.open', {
        time: viewTime(request, open.createdAt).text,
        copy: home === undefined ? 'none' : open.isForwarded ? 'gone' : 'mayGo',
        host: home ?? ''
      })
    },
    posts: (await postsOffered(ctx, request.who!.account.id, reported, ticked)).map((row) => ({
      id: String(row.id),
      text: htmlToText(row.warning === '' ? row.html : row.warning, excerptCharactersMax) || t('report.postWithoutText'),
      time: viewTime(request, row.createdAt),
      isChecked: ticked.has(String(row.id))
    })),
    category: typed.choice(
      'category',
      reportCategories.map((value) => ({ value, label: t(`report.category-${value}`), hint: t(`report.categoryHint-${value}`) })),
      // Nobody is led to an answer.
      ''
    ),
    comment: typed.input('comment'),
    commentCharactersMax,
    host,
    forward: typed.check('forward'),
    cancelPath: backFrom(reported)
  }
  return page(reply, 'report', view, { title: t('report.title'), status: typed.status })
}

/** Where a copy can go: not to a server that nothing is sent to. */
async function forwardHost({ limits }: Context, { domain, uri }: Account): Promise<string | undefined> {
  return domain === null || (await limits.isSuspended(hostOf(uri) ?? domain)) ? undefined : domain
}

/** The post it is about, what is ticked, and the newest others, as far as the reporter may see them. */
async function postsOffered(ctx: Context, viewerId: number, { account, post }: Reported, ticked: ReadonlySet<string>): Promise<PostRow[]> {
  const { rows } = await profile(ctx, viewerId, account.id, 'replies')
  const wanted = rows.filter((row, at) => at < offeredMax || ticked.has(String(row.id)))
  return post ? [post, ...wanted.filter(({ id }) => id !== post.id)] : wanted
}

function backFrom({ account, post }: Reported): string {
  return post ? postPath(account, post.id) : `/${handleOf(account)}`
}
