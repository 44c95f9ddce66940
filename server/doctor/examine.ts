import type { Context } from '#server/context.ts'
import { checkBackups } from '#server/doctor/check-backups.ts'
import { checkClock } from '#server/doctor/check-clock.ts'
import { checkDatabase } from '#server/doctor/check-database.ts'
import { checkDisk } from '#server/doctor/check-disk.ts'
import { checkFederation } from '#server/doctor/check-federation.ts'
import { checkMail } from '#server/doctor/check-mail.ts'
import { checkMailServer } from '#server/doctor/check-mail-server.ts'
import { checkAddress } from '#server/doctor/check-address.ts'
import { checkOwner } from '#server/doctor/check-owner.ts'
import { checkProxy } from '#server/doctor/check-proxy.ts'
import { checkPublic } from '#server/doctor/check-public.ts'
import { checkQueue } from '#server/doctor/check-queue.ts'
import type { Check, Finding } from '#server/doctor/finding.ts'

/** Everything that is looked at, in the order in which one thing stands on another. */
export const checks: readonly Check[] = [
  { name: 'database', isQuick: false, run: checkDatabase },
  { name: 'owner', isQuick: true, run: checkOwner },
  { name: 'address', isQuick: true, run: checkAddress },
  { name: 'proxy', isQuick: true, run: checkProxy },
  { name: 'public', isQuick: false, run: checkPublic },
  { name: 'federation', isQuick: false, run: checkFederation },
  { name: 'clock', isQuick: false, run: checkClock },
  { name: 'mail', isQuick: true, run: checkMail },
  { name: 'mailServer', isQuick: false, run: checkMailServer },
  { name: 'queue', isQuick: true, run: checkQueue },
  { name: 'disk', isQuick: true, run: checkDisk },
  { name: 'backups', isQuick: true, run: checkBackups }
]

export interface Examined extends Finding {
  check: string
}

/**
 * Looks at everything an operator should know about, one finding after another: `doctor` on the command line shows them all, the first
 * page of /admin those that are quick.
 */
export async function* examine(ctx: Context, { isQuick }: { isQuick: boolean }): AsyncGenerator<Examined> {
  for (const check of checks) {
    if (isQuick && !check.isQuick) continue
    for (const finding of await check.run(ctx)) yield { check: check.name, ...finding }
  }
}
