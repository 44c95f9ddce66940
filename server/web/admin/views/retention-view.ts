import type { FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import type { RetentionPass } from '#server/retention/find-pass.ts'
import type { RetentionPassView } from '#server/web/admin/views/admin-views.ts'
import { sizeText } from '#server/web/admin/views/size-text.ts'
import { viewTime } from '#server/web/views/view-time.ts'
import { postPath } from '#server/web/views/view-posts.ts'

/** A pass in words. Samples are named by author and date alone: their words are not for every moderator. */
export async function viewPass(request: FastifyRequest, pass: RetentionPass): Promise<RetentionPassView> {
  const { t } = request
  const { limits } = pass
  return {
    progress: pass.endedAt === null ? t('admin.retentionProgress', { seen: pass.postsSeen, total: pass.postsTotal }) : undefined,
    time: viewTime(request, pass.endedAt ?? pass.startedAt),
    limits: [
      t('admin.retentionStrangers', { days: limits.strangerPostDays }),
      t('admin.retentionFollowed', { days: limits.followedPostDays }),
      t('admin.retentionMax', { count: limits.remotePostsMax }),
      t('admin.retentionPictures', { days: limits.pictureDays }),
      t('admin.retentionAccounts', { days: limits.strangerAccountDays ?? 0 })
    ],
    posts: t('admin.retentionPostsOut', { count: pass.postsOut, size: sizeText(t, pass.textBytesOut) }),
    pictures: t('admin.retentionPicturesOut', { count: pass.picturesOut, size: sizeText(t, pass.pictureBytesOut) }),
    accounts: t('admin.retentionAccountsOut', { count: pass.accountsOut }),
    samples: pass.kind === 'preview' ? await viewSamples(request, pass.samples) : []
  }
}

async function viewSamples(request: FastifyRequest, ids: readonly number[]): Promise<RetentionPassView['samples']> {
  const { ctx } = request.server
  const rows = await postsByIds(ctx.db, ids)
  const authors = await accountsByIds(
    ctx.db,
    rows.map(({ authorId }) => authorId)
  )
  return rows.flatMap((row) => {
    const author = authors.get(row.authorId)
    return author ? [{ label: `${handleOf(author)}, ${viewTime(request, row.createdAt).text}`, path: postPath(author, row.id) }] : []
  })
}
