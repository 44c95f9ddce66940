import { Refusal } from '#server/errors.ts'

export const nameCharactersMax = 30

const nameShape = /^[A-Za-z0-9_]{1,30}$/

/** The name of the instance's own actor; nobody else ever has it. */
export const instanceActorName = 'instance'

/** Names that would let a stranger speak for the instance or its software. Operators may still give them. */
const reserved = new Set(
  `about abuse account accounts actor admin administrator admins all anonymous api auth contact doctor everyone follow followers following
  guest health help here home hostmaster inbox info legal login logout mail mailer_daemon me media mod moderation moderator moderators mods
  nobody no_reply noreply notifications null official operator outbox owner owners page pages postmaster privacy relay report root rules
  search security server service settings shared_inbox sign_in sign_up signin signup site skerry staff static status superuser support sys
  sysadmin system tag tags team terms undefined user users webfinger webmaster well_known www`
    .split(/\s+/)
    .filter((name) => name !== '')
)

/**
 * The one spelling of a name for an account of ours: a to z, digits and `_`, small letters (typed capitals become small). Anything else is
 * refused, look-alikes of other scripts included.
 */
export function readLocalName(typed: string): string {
  const name = typed.replace(/^@/, '').trim()
  if (!nameShape.test(name))
    throw new Refusal('invalid', name === '' ? 'form.required' : 'form.nameShape', { limit: nameCharactersMax }, 'name')
  return name.toLowerCase()
}

/** Refuses names that are not for everybody. */
export function refuseReserved(name: string): void {
  if (reserved.has(name) || name === instanceActorName) throw new Refusal('invalid', 'form.nameReserved', {}, 'name')
}
