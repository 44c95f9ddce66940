import { and, eq, gt } from 'drizzle-orm'
import { appCodes } from '#db/schema/apps.ts'
import type { Person } from '#server/accounts/who.ts'
import { outOfBand } from '#server/apps/redirect-uris.ts'
import type { Context } from '#server/context.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

/** Whether this person was just handed a code to carry over by hand: one of somebody else, typed into their app, would have it act as somebody else. */
export async function isHandedCode({ db, clock }: Context, who: Person, code: string): Promise<boolean> {
  const [found] = await db
    .select({ id: appCodes.id })
    .from(appCodes)
    .where(
      and(
        eq(appCodes.codeHash, hashToken(code)),
        eq(appCodes.accountId, who.account.id),
        eq(appCodes.redirectUri, outOfBand),
        gt(appCodes.expiresAt, clock.now())
      )
    )
  return found !== undefined
}
