import { reportNotes } from '#db/schema/moderation.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { getReport } from '#server/moderation/get-report.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'

const noteCharactersMax = 2_000

/** Writes down something about a report for the other moderators. Refuses `missing` (see getReport), `invalid` at the field `text`. */
export async function noteReport(ctx: Context, who: Who, input: { reportId: number; text: string }): Promise<void> {
  requirePerson(who)
  const text = cleanText(input.text).trim()
  if (text === '') throw new Refusal('invalid', 'form.required', {}, 'text')
  if (countCharacters(text) > noteCharactersMax) throw new Refusal('invalid', 'form.tooLong', { limit: noteCharactersMax }, 'text')
  await ctx.transact(async (tx) => {
    const { report } = await getReport(tx, who, input.reportId)
    await tx.insert(reportNotes).values({ id: tx.newId(), reportId: report.id, authorId: who.account.id, text, createdAt: tx.now })
  })
}
