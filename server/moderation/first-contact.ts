import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { type FirstContact, firstContact, firstContactDaysLimit, firstContactModes, newHostsLimit } from '#server/peers/first-contact.ts'
import { dropHeld } from '#server/peers/held-activities.ts'
import { trustPeer } from '#server/peers/trust-peer.ts'

/** Changes how servers are met that were never heard of. Refuses `forbidden`, and `invalid` at each field that is wrong. */
export async function changeFirstContact(ctx: Context, who: Who, said: FirstContact): Promise<void> {
  requireRole(who, 'admin')
  checkEach({
    mode: () => checkMode(said.mode),
    days: () => checkNumber('days', said.days, firstContactDaysLimit),
    newHostsPerHour: () => checkNumber('newHostsPerHour', said.newHostsPerHour, newHostsLimit)
  })
  if (JSON.stringify(await firstContact(ctx)) === JSON.stringify(said)) return
  await ctx.transact(async (tx) => {
    await ctx.settings.change(tx, { firstContact: said })
    const details = { ...said }
    const setting = { targetKind: 'setting' as const, target: 'firstContact', targetLabel: said.mode }
    await recordAudit(tx, who, { act: 'first-contact-changed', ...setting, details })
  })
}

/** A server is a stranger no more, and what was put by of it is taken in. Refuses `missing` when it is none. */
export async function trustHost(ctx: Context, who: Who, host: string): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    if (!(await trustPeer(tx, host))) throw new Refusal('missing', 'errors.missing')
    await recordAudit(tx, who, { act: 'host-trusted', targetKind: 'domain', target: host, targetLabel: host })
  })
}

/** What was put by of a server is dropped. How much it was. */
export async function dropHeldOf(ctx: Context, who: Who, host: string): Promise<number> {
  requireRole(who, 'moderator')
  return ctx.transact(async (tx) => {
    const count = await dropHeld(tx, host)
    if (count === 0) throw new Refusal('missing', 'errors.missing')
    await recordAudit(tx, who, { act: 'held-dropped', targetKind: 'domain', target: host, targetLabel: host, details: { count } })
    return count
  })
}

function checkMode(mode: string): void {
  if (!(firstContactModes as readonly string[]).includes(mode)) throw new Refusal('invalid', 'form.invalid', {}, 'mode')
}

function checkNumber(field: string, value: number, { min, max }: { min: number; max: number }): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new Refusal('invalid', 'errors.numberBetween', { min, max }, field)
}
