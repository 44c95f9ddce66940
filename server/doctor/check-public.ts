import type { Context } from '#server/context.ts'
import { askOurselves } from '#server/doctor/ask-ourselves.ts'
import { fail, type Finding, ok } from '#server/doctor/finding.ts'

/** Does the public address answer, and is it this instance that answers? */
export async function checkPublic(ctx: Context): Promise<Finding[]> {
  const { origin } = ctx.config
  const page = await askOurselves(ctx, `${origin}/`, 'text/html')
  if (Array.isArray(page)) return page
  const elsewhere = new URL(page.url).origin
  if (elsewhere !== origin) return fail('doctor.publicElsewhere', 'doctor.publicElsewhereRemedy', { origin, elsewhere })
  return ok('doctor.publicOk', { origin })
}
