import { and, desc, eq, lte } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { signInAttempts } from '#db/schema/factors.ts'
import { sessions } from '#db/schema/sign-in.ts'
import { isWithinLimit, networkOf } from '#server/sign-in/attempts.ts'
import { deviceOf } from '#server/sign-in/device.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import type { Browser } from '#server/sign-in/sessions.ts'

/** Kept of an account: so many that went well, and so many that did not, so that a flood of these hides none of those. */
const keptMax = 20
/** Mails about new browsers to one person. */
const mailLimit = { max: 5, windowMs: 3_600_000 }

export type SignInAttempt = typeof signInAttempts.$inferSelect
export type Way = SignInAttempt['way']

/** The newest sign-ins of an account and those that failed, newest first. */
export function signInsOf(db: Reader, accountId: number): Promise<SignInAttempt[]> {
  return db.select().from(signInAttempts).where(eq(signInAttempts.accountId, accountId)).orderBy(desc(signInAttempts.id)).limit(keptMax)
}

/** Notes an attempt, in the caller's transaction; `undefined` is a name that nobody has, noted with the same work. */
export async function noteAttempt(
  tx: Tx,
  accountId: number | undefined,
  { way, isGood, browser: { userAgent, address } }: { way: Way; isGood: boolean; browser: Browser }
): Promise<void> {
  await tx
    .insert(signInAttempts)
    .values({ id: tx.newId(), accountId: accountId ?? null, way, isGood, userAgent, address, createdAt: tx.now })
  const ofSame = and(eq(signInAttempts.accountId, accountId ?? 0), eq(signInAttempts.isGood, isGood))
  const [tooOld] = await tx
    .select({ id: signInAttempts.id })
    .from(signInAttempts)
    .where(ofSame)
    .orderBy(desc(signInAttempts.id))
    .limit(1)
    .offset(keptMax)
  if (tooOld) await tx.delete(signInAttempts).where(and(ofSame, lte(signInAttempts.id, tooOld.id)))
}

/** Before a session is opened: a browser this account was not seen with at this network is told to its owner by mail. The very first is not. */
export async function tellOfNewBrowser(tx: Tx, accountId: number, browser: Browser): Promise<void> {
  const before = await tx
    .select({ userAgent: signInAttempts.userAgent, address: signInAttempts.address })
    .from(signInAttempts)
    .where(and(eq(signInAttempts.accountId, accountId), eq(signInAttempts.isGood, true)))
    .limit(keptMax)
  const open = await tx
    .select({ userAgent: sessions.userAgent, address: sessions.address })
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
    .limit(keptMax)
  const seen = [...before, ...open]
  if (seen.length === 0 || seen.some((each) => isSame(each, browser))) return
  if (!(await isWithinLimit(tx, `new browser of ${accountId}`, mailLimit))) return
  const { browser: name = '', system = '' } = deviceOf(browser.userAgent)
  await enqueueMail(tx, 'new-browser', { accountId, browser: name, system, address: browser.address })
}

function isSame(one: Browser, other: Browser): boolean {
  const [a, b] = [deviceOf(one.userAgent), deviceOf(other.userAgent)]
  return a.browser === b.browser && a.system === b.system && networkOf(one.address) === networkOf(other.address)
}
