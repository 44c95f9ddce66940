import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Person } from '#server/accounts/who.ts'
import type { Bearer } from '#server/apps/find-bearer.ts'
import type { Scope } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { Access, RouteEntry } from '#server/web/access.ts'
import type { Form } from '#server/web/form.ts'
import type { Renderer } from '#server/web/render.ts'

/** What requests, routes and the app carry in this house, beside what Fastify gives them. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it. Every route declares it: the app does not start otherwise. */
    access: Access
    /** On routes of access `token`: any one of these opens it; none, and every token does. */
    scopes?: readonly Scope[]
    /** On routes of access `token`: an app that acts for nobody may call it too. */
    isForApps?: boolean
    /** `none` (no-store) for what must not lie in any cache: sign-in, settings, tokens, direct messages, admin. */
    cache?: 'private' | 'none'
    /** How many uploaded files a form may bring; 0 when absent. */
    filesMax?: number
    /** The answer lasts as long as the browser listens: its time says nothing of how quick we are. */
    isLasting?: boolean
    /** The path itself holds a secret (a one-time link) and is never logged. */
    isPathSecret?: boolean
  }

  interface FastifyInstance {
    readonly ctx: Context
    readonly renderer: Renderer
    readonly csrfKey: KeyObject
    readonly routeTable: readonly RouteEntry[]
  }

  interface FastifyRequest {
    /** The signed-in person, or the one an app acts for; undefined for everybody else, and on routes of access `peer`. */
    who: Person | undefined
    /** The app that acts, on routes of access `token`; undefined everywhere else. */
    bearer: Bearer | undefined
    /** SHA-256 (hex) of the session's token: what the CSRF token hangs on. Undefined when nobody is signed in. */
    sessionHash: string | undefined
    /** Token of the cookie of a visitor who is not signed in, as far as one was sent or given. */
    visitorToken: string | undefined
    /** Words in the reader's language and zone. */
    t: Translate
    /** The form that was sent, on web routes that take one. */
    form: Form
  }

  interface FastifyBaseLogger extends Pick<Logger, 'level'> {}
}
