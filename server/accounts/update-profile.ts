import { eq } from 'drizzle-orm'
import { accounts, type ProfileField } from '#db/schema/accounts.ts'
import { keepVerified } from '#server/accounts/keep-verified.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { emojisWritten, usesOf } from '#server/emoji/written-emoji.ts'
import { record } from '#server/facts.ts'
import { cleanName, cleanText, countCharacters } from '#server/platform/clean-text.ts'
import { findMentions } from '#server/posts/find-mentions.ts'
import { mentionLinks } from '#server/posts/mention-links.ts'
import { renderText } from '#server/posts/render-text.ts'
import { resolveMentions } from '#server/posts/resolve-mentions.ts'

export const displayNameCharactersMax = 100
export const bioCharactersMax = 1_000
export const fieldsMax = 4
export const fieldCharactersMax = 255

export interface Profile {
  displayName: string
  /** Typed text: mentions, tags and links in it work. */
  bioText: string
  /** Label and content as typed; those without both are left out. */
  fields: { name: string; value: string }[]
  isLocked: boolean
  isBot: boolean
}

/** Refuses a profile that is too long anywhere, by the fields of the form: `displayName`, `note`, `fieldName-1`, `fieldValue-1` … */
export function checkProfile({ displayName, bioText, fields }: Profile): void {
  if (fields.length > fieldsMax) throw new Refusal('invalid', 'form.tooMany', { limit: fieldsMax })
  const bounded: [string, string, number][] = [
    ['displayName', displayName, displayNameCharactersMax],
    ['note', bioText, bioCharactersMax],
    ...fields.flatMap(({ name, value }, at): [string, string, number][] => [
      [`fieldName-${at + 1}`, name, fieldCharactersMax],
      [`fieldValue-${at + 1}`, value, fieldCharactersMax]
    ])
  ]
  checkEach(Object.fromEntries(bounded.map(([field, text, limit]) => [field, () => refuseLonger(text, limit, field)])))
}

/** How a person shows themselves. What was typed becomes HTML here, once. */
export async function updateProfile(ctx: Context, who: Person, profile: Profile): Promise<Account> {
  checkProfile(profile)
  const bioText = cleanText(profile.bioText).trim()
  const fields = profile.fields
    .map(({ name, value }) => ({ name: cleanName(name, fieldCharactersMax), value: cleanText(value).replace(/\s+/g, ' ').trim() }))
    .filter(({ name, value }) => name !== '' && value !== '')
  const bioHtml = await render(ctx, bioText)
  const rendered: ProfileField[] = []
  for (const { name, value } of fields) rendered.push({ name, valueHtml: (await render(ctx, value)).replace(/^<p>|<\/p>$/g, '') })
  const displayName = cleanName(profile.displayName, displayNameCharactersMax)
  const texts = [displayName, bioHtml, ...rendered.flatMap(({ name, valueHtml }) => [name, valueHtml])]
  return ctx.transact(async (tx) => {
    const [account] = await tx
      .update(accounts)
      .set({
        displayName,
        emojis: usesOf(await emojisWritten(tx, texts, who.account.emojis)),
        bioText,
        bioHtml,
        fields: keepVerified(who.account.fields, rendered),
        isLocked: profile.isLocked,
        type: profile.isBot ? 'Service' : 'Person'
      })
      .where(eq(accounts.id, who.account.id))
      .returning()
    await record(tx, 'profile-changed', { accountId: who.account.id })
    return account!
  })
}

async function render(ctx: Context, text: string): Promise<string> {
  return renderText(text, mentionLinks(ctx, await resolveMentions(ctx, findMentions(text))), ctx.config.origin)
}

function refuseLonger(text: string, limit: number, field: string): void {
  if (countCharacters(text) > limit) throw new Refusal('invalid', 'form.tooLong', { limit }, field)
}
