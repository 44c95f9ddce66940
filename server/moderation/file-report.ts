import { reports } from '#db/schema/moderation.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { copyPosts } from '#server/moderation/copy-posts.ts'
import { addToReport, findOpenReport } from '#server/moderation/open-report.ts'
import { isReportable } from '#server/moderation/reportable.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'
import { getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { countAttempt } from '#server/sign-in/attempts.ts'

export const commentCharactersMax = 2_000
export const reportedPostsMax = 10
/** Of one person. */
const reportLimit = { max: 20, windowMs: 3_600_000 }

export const reportCategories = ['spam', 'legal', 'rules', 'other'] as const
export type ReportCategory = (typeof reportCategories)[number]

export interface ReportInput {
  accountId: number
  /** Posts of that account that the reporter may see. */
  postIds: readonly number[]
  category: ReportCategory
  comment: string
  /** A copy without the reporter's name goes to the account's own server; of an account of ours it means nothing. */
  isForwarded?: boolean
}

/**
 * Somebody of ours reports an account, with posts or without; the posts are copied as they stand. While their former report of that account is
 * open, what they say is added to it (`isAdded`) instead of a second one, unless it is the first to go elsewhere too. Facts `report-filed` for
 * a new one, and `report-forwarded` for a copy that goes elsewhere, once. Returns the id. Refusals:
 * `missing` for accounts that are not there and posts that are not for the reporter's eyes, `invalid` by field, `too-many`.
 */
export async function fileReport(ctx: Context, who: Who, input: ReportInput): Promise<{ id: number; isAdded: boolean }> {
  requirePerson(who)
  const reporterId = who.account.id
  const { comment } = checkEach({
    category: () => checkCategory(input),
    comment: () => checkComment(input),
    postIds: () => checkCount(input)
  })
  return ctx.transact(async (tx) => {
    const target = await findAccount(tx, input.accountId)
    if (!target || !isReportable(target)) throw new Refusal('missing', 'errors.noSuchAccount')
    if (target.id === reporterId) throw new Refusal('invalid', 'report.oneself')
    const rows = new Map<number, PostRow>()
    for (const id of input.postIds) {
      const post = await getOriginal(tx, reporterId, id)
      // A post of somebody else would tell on its author under another name.
      if (post.authorId !== target.id) throw new Refusal('missing', 'errors.postMissing')
      rows.set(post.id, post)
    }
    // This also makes two of one person wait for each other: the second finds what the first wrote.
    await countAttempt(tx, `report ${reporterId}`, reportLimit)
    const posts = [...rows.values()]
    const isForwarded = input.isForwarded === true && target.domain !== null
    const open = await findOpenReport(tx, reporterId, target.id)
    // What was said before was said to the moderators here alone: what goes elsewhere now is a report of its own.
    if (open && (open.isForwarded || !isForwarded)) {
      if (await addToReport(tx, open, { comment, category: input.category, posts })) return { id: open.id, isAdded: true }
    }
    const id = tx.newId()
    await tx
      .insert(reports)
      .values({ id, reporterId, targetId: target.id, comment, category: input.category, isForwarded, createdAt: tx.now })
    await copyPosts(tx, id, posts)
    await record(tx, 'report-filed', { reportId: id })
    if (isForwarded) await record(tx, 'report-forwarded', { reportId: id, comment, postUris: posts.map(({ uri }) => uri) })
    return { id, isAdded: false }
  })
}

function checkCategory({ category }: ReportInput): void {
  if (!reportCategories.includes(category)) throw new Refusal('invalid', 'form.invalid', {}, 'category')
}

function checkComment({ comment: typed, category, postIds }: ReportInput): string {
  const comment = cleanText(typed).trim()
  if (countCharacters(comment) > commentCharactersMax)
    throw new Refusal('invalid', 'form.tooLong', { limit: commentCharactersMax }, 'comment')
  if (category === 'other' && comment === '' && postIds.length === 0) throw new Refusal('invalid', 'report.saySomething', {}, 'comment')
  return comment
}

function checkCount({ postIds }: ReportInput): void {
  if (postIds.length > reportedPostsMax) throw new Refusal('invalid', 'form.tooMany', { limit: reportedPostsMax }, 'postIds')
}
