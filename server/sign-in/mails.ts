import { and, eq, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { passkeys } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { Hopeless } from '#server/jobs/job-run.ts'
import type { JobHandler } from '#server/jobs/worker.ts'
import { emailKeyOf } from '#server/sign-in/credentials.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { linkMs, storeToken } from '#server/sign-in/one-time-tokens.ts'
import { hasPassword } from '#server/sign-in/prove.ts'

const hourMs = 3_600_000

/** Mails that strangers can cause, to one address. */
export const mailsPerAddress = { max: 5, windowMs: hourMs }

/** The key under which they are counted; the address itself is not written there. */
export function mailLimitKey(email: string): string {
  return `mail ${hashToken(emailKeyOf(email))}`
}

export type SecurityChange =
  | 'codeAppOn'
  | 'codeAppOff'
  | 'recoveryMade'
  | 'recoveryUsed'
  | 'passkeyAdded'
  | 'passkeyRemoved'
  | 'passkeyAsked'
  | 'passkeyNotAsked'
  | 'passwordRemoved'
  | 'factorsReset'

/** What each mail needs to know. A link's token is made when the mail is sent, so that it lies in no queue. */
interface MailInputs {
  /** Proves an address: at sign-up, and when it is changed. */
  'confirm-email': { accountId: number; email: string }
  /** To whoever has this address; nothing when nobody has. */
  'reset-password': { email: string }
  /** Somebody signed up with an address that has an account. */
  'address-known': { accountId: number }
  'address-changed': { accountId: number; email: string }
  'password-changed': { accountId: number }
  /** Something changed about how one signs in; the words of each are `mail.<what>Subject` and `mail.<what>Text`. */
  security: { accountId: number; what: SecurityChange }
  /** Signed in with a browser not seen before; empty names are unknown ones. */
  'new-browser': { accountId: number; browser: string; system: string; address: string }
  /** An app was let in that had not been; `app` is what it calls itself. */
  'new-app': { accountId: number; app: string }
  /** Nothing of them is left here but this. */
  'account-deleted': { name: string; email: string; language: string }
  'sign-up-approved': { accountId: number }
  /** Nothing of them is left here but this. */
  'sign-up-rejected': { name: string; email: string; language: string }
}

export type MailKind = keyof MailInputs

/** A mail, to be sent by the worker after the caller's transaction. */
export async function enqueueMail<K extends MailKind>(tx: Tx, kind: K, input: MailInputs[K]): Promise<void> {
  await enqueue(tx, { kind: `mail: ${kind}`, input: { ...input } })
}

const senders: { [K in MailKind]: (ctx: Context, input: MailInputs[K]) => Promise<void> } = {
  async 'confirm-email'(ctx, { accountId, email }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (!to) return
    const url = await linkFor(ctx, 'confirm-email', '/confirm/', { accountId, email })
    await send(ctx, { ...to, email }, 'confirm', { url, hours: linkMs['confirm-email'] / hourMs })
  },
  async 'reset-password'(ctx, { email }) {
    const to = await findRecipient(ctx.db, eq(users.emailKey, emailKeyOf(email)))
    if (!to) return
    // Whoever signs in by passkey alone gave the way by mail up too; once all passkeys are gone, it is the way back.
    if (!hasPassword(to.user) && (await countPasskeys(ctx.db, to.account.id)) > 0) {
      await send(ctx, to, 'resetPasskey', { url: `${ctx.config.origin}/sign-in/recovery` })
      return
    }
    const url = await linkFor(ctx, 'reset-password', '/password/', { accountId: to.account.id, email: to.user.email })
    await send(ctx, to, 'reset', { url, hours: linkMs['reset-password'] / hourMs })
  },
  async 'address-known'(ctx, { accountId }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, to, 'known', { url: `${ctx.config.origin}/password` })
  },
  async 'address-changed'(ctx, { accountId, email }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, { ...to, email }, 'addressChanged', {})
  },
  async 'password-changed'(ctx, { accountId }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, to, 'passwordChanged', { url: `${ctx.config.origin}/password` })
  },
  async security(ctx, { accountId, what }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, to, what, { url: `${ctx.config.origin}/settings/security` })
  },
  async 'new-browser'(ctx, { accountId, browser, system, address }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (!to) return
    const device = browser !== '' && system !== '' ? 'both' : browser !== '' ? 'browser' : system !== '' ? 'system' : 'none'
    await send(ctx, to, 'newBrowser', { device, browser, system, address, url: `${ctx.config.origin}/settings/sessions` })
  },
  async 'new-app'(ctx, { accountId, app }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, to, 'newApp', { app, url: `${ctx.config.origin}/settings/apps` })
  },
  async 'account-deleted'(ctx, { name, email, language }) {
    await send(ctx, { account: { name }, user: { language, timeZone: null }, email }, 'accountDeleted', {})
  },
  async 'sign-up-approved'(ctx, { accountId }) {
    const to = await findRecipient(ctx.db, eq(users.accountId, accountId))
    if (to) await send(ctx, to, 'approved', { url: `${ctx.config.origin}/sign-in` })
  },
  async 'sign-up-rejected'(ctx, { name, email, language }) {
    await send(ctx, { account: { name }, user: { language, timeZone: null }, email }, 'rejected', {})
  }
}

/** The handlers of the jobs above, for the worker. */
export const mailJobs: Record<string, JobHandler> = Object.fromEntries(
  Object.entries(senders).map(([kind, sender]) => [`mail: ${kind}`, (ctx: Context, input: never) => sender(ctx, input)])
)

interface Recipient {
  account: Account
  user: User
  email: string
}

/** What a mail says of whom it goes to. */
interface Addressee {
  account: Pick<Account, 'name'>
  user: Pick<User, 'language' | 'timeZone'>
  email: string
}

async function findRecipient(db: Reader, which: ReturnType<typeof eq>): Promise<Recipient | undefined> {
  const [found] = await db
    .select({ account: accounts, user: users })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(which, isNull(accounts.deletedAt)))
  return found && { ...found, email: found.user.email }
}

function countPasskeys(db: Reader, accountId: number): Promise<number> {
  return db.$count(passkeys, eq(passkeys.accountId, accountId))
}

async function linkFor(
  ctx: Context,
  purpose: 'confirm-email' | 'reset-password',
  path: string,
  whom: { accountId: number; email: string }
): Promise<string> {
  const token = ctx.random.token()
  await ctx.transact((tx) => storeToken(tx, token, { purpose, ...whom }))
  return `${ctx.config.origin}${path}${token}`
}

/** A mail is two messages of the catalogue: `mail.<name>Subject` and `mail.<name>Text`. */
async function send(
  ctx: Context,
  { account, user, email }: Addressee,
  name: string,
  values: Record<string, string | number>
): Promise<void> {
  const settings = await ctx.settings.get()
  const t = ctx.messages.translator(user.language, { timeZone: user.timeZone ?? settings.timeZone })
  const all = { ...values, instance: settings.name, origin: ctx.config.origin, handle: `@${account.name}` }
  if (email === '') throw new Hopeless('The account has no mail address.')
  await ctx.mail.send({ to: email, subject: t(`mail.${name}Subject`, all), text: t(`mail.${name}Text`, all) })
}
