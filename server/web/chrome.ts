import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Look } from '#db/schema/sign-in.ts'
import { hasRole } from '#server/accounts/who.ts'
import { countWaiting } from '#server/moderation/count-waiting.ts'
import { countRequests } from '#server/follows/lists.ts'
import { csrfTokenFor } from '#server/web/csrf.ts'
import { takeFlash } from '#server/web/flash.ts'
import { safePath } from '#server/web/return-to.ts'
import type { ChromeView, NavView } from '#server/web/views/chrome-view.ts'
import { toNavView } from '#server/web/views/nav-view.ts'
import { unreadOf } from '#server/web/unread.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])
const descriptionCharactersMax = 200

/** What a page says of itself to the layout around it. */
export interface PageFrame {
  /** Finished text, without the instance's name. */
  title: string
  /** Pages without a POST form need no token, and give visitors no cookie: forms are assumed for the signed-in only. */
  hasForm?: boolean
  alternateUrl?: string
  canonicalUrl?: string
  /** Plain text for previews. */
  description?: string
  /** False when search engines are to stay away; pages that are not public never say otherwise. */
  isIndexable?: boolean
}

/** Everything around a page, for whoever reads it. */
export async function chromeOf(request: FastifyRequest, reply: FastifyReply, frame: PageFrame): Promise<ChromeView> {
  const { ctx } = request.server
  const { who, t } = request
  const { name, signUp } = await ctx.settings.get()
  const flash = takeFlash(request, reply)
  const [viewer] = who ? await viewAccounts(ctx, [who.account]) : []
  return {
    language: t.language,
    direction: rightToLeft.has(t.language.split('-', 1)[0]!) ? 'rtl' : 'ltr',
    theme: who && who.user.theme !== 'system' ? who.user.theme : 'auto',
    look: who?.user.look ? lookClasses(who.user.look) : '',
    hasShortcuts: who?.user.look?.shortcuts ?? true,
    title: frame.title,
    instanceName: name,
    viewer,
    nav: await navOf(request, signUp !== 'closed'),
    homePath: who ? '/home' : '/',
    csrf: who || frame.hasForm ? csrfTokenFor(request, reply) : '',
    returnTo: returnToOf(request),
    flash: flash && { tone: flash.tone, text: t(flash.key, flash.values) },
    notice:
      who && who.account.movedToUri !== null
        ? { text: t('move.readOnly'), link: { path: '/settings/moving', label: t('move.readOnlyLink') } }
        : undefined,
    alternateUrl: frame.alternateUrl,
    canonicalUrl: frame.canonicalUrl,
    description: frame.description?.slice(0, descriptionCharactersMax),
    isIndexable: frame.isIndexable ?? false
  }
}

function lookClasses({ contrast, motion, density, textSize, plainNames }: Look): string {
  return [
    ...(contrast === 'more' ? ['contrast-more'] : []),
    ...(motion === 'less' ? ['motion-less'] : []),
    ...(density === 'dense' ? ['dense'] : []),
    ...(textSize === 'm' ? [] : [`text-${textSize}`]),
    ...(plainNames ? ['plain-names'] : [])
  ].join(' ')
}

async function navOf(request: FastifyRequest, isSignUpOpen: boolean): Promise<NavView> {
  const { who, t, url } = request
  const { ctx } = request.server
  const isModerator = hasRole(who, 'moderator')
  const waiting = isModerator ? await countWaiting(ctx.db, who) : { reports: 0, signUps: 0 }
  return toNavView(
    {
      profilePath: who && `/@${who.account.name}`,
      unreadCount: await unreadOf(request),
      requestCount: who ? await countRequests(ctx.db, who.account.id) : 0,
      isModerator,
      waitingCount: waiting.reports + waiting.signUps,
      isSignUpOpen,
      currentPath: url.split('?', 1)[0]!
    },
    t
  )
}

/** A page that answers a form belongs to the page the form stood on. */
function returnToOf(request: FastifyRequest): string {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return safePath(isRead ? request.url : request.form.text('returnTo')) ?? '/'
}
