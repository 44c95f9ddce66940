import type { Context } from '#server/context.ts'
import { fail, type Finding } from '#server/doctor/finding.ts'
import { HttpError, type HttpResponse } from '#server/platform/http-client.ts'

/**
 * Asks this instance from outside, by its public name and through whatever stands in front of it. Its own origin is what the operator
 * chose, so it may lie in a private network. Gives the answer, or the finding when there is none.
 */
export async function askOurselves(ctx: Context, url: string, accept: string): Promise<HttpResponse | Finding[]> {
  try {
    const answer = await ctx.http.get(url, { accept, exempt: new URL(url).origin })
    if (answer.status === 200) return answer
    return fail('doctor.answeredStatus', 'doctor.answeredStatusRemedy', { url, status: String(answer.status) })
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return fail('doctor.noAnswer', 'doctor.noAnswerRemedy', { url, why: error.message })
  }
}
