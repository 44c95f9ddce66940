import type { Tx } from '#db/reader.ts'
import { noteAttempt, tellOfNewBrowser, type Way } from '#server/sign-in/history.ts'
import { type Browser, startSession } from '#server/sign-in/sessions.ts'

/** Somebody is in: the session under its new token, the line in the history, and the mail when the browser is new. In the caller's transaction. */
export async function openSession(
  tx: Tx,
  { accountId, token, browser, way }: { accountId: number; token: string; browser: Browser; way: Way }
): Promise<void> {
  await tellOfNewBrowser(tx, accountId, browser)
  await startSession(tx, accountId, token, browser)
  await noteAttempt(tx, accountId, { way, isGood: true, browser })
}
