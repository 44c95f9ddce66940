import type { FastifyRequest } from 'fastify'
import type { EmojiUse } from '#db/schema/emoji.ts'
import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import { isPollOver, type PollDetails } from '#server/polls/find-poll.ts'
import { markOf } from '#server/polls/option-mark.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { PollView } from '#server/web/views/poll-view.ts'
import { emojiText } from '#server/web/views/show-emoji.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

interface PollOptions {
  /** Whether the reader is somebody who could. */
  mayVote: boolean
  /** Whether it is the post its page is about. */
  isFocused: boolean
  /** Custom emoji of the post. */
  emojis: readonly EmojiUse[] | null
  book: EmojiBook
}

/** A poll as a template shows it. */
export function viewPoll(request: FastifyRequest, poll: PollDetails, { mayVote, isFocused, emojis, book }: PollOptions): PollView {
  const { t, server } = request
  const now = server.ctx.clock.now()
  const isOver = isPollOver(poll, now)
  const votesSum = poll.options.reduce((sum, option) => sum + option.votesCount, 0)
  const most = Math.max(...poll.options.map((option) => option.votesCount))
  // Of several choices each may have been everybody's.
  const whole = poll.isMultiple && poll.votersCount !== null && poll.votersCount >= most ? poll.votersCount : votesSum
  const endsAt = poll.endsAt ?? poll.closedAt
  return {
    id: `poll-${poll.postId}`,
    anchor: `post-${poll.postId}`,
    votePath: mayVote && !isOver && poll.votes.length === 0 ? `/posts/${poll.postId}/vote` : undefined,
    isMultiple: poll.isMultiple,
    isFolded: poll.isMultiple && !isFocused,
    options: poll.options.map(({ position, text, name, votesCount }) => {
      const share = whole === 0 ? 0 : Math.round((votesCount / whole) * 100)
      return {
        value: `${position}.${markOf({ name })}`,
        textHtml: emojiText(text, emojis, book),
        share,
        shareText: t('poll.share', { share: share / 100 }),
        votesText: t('poll.votes', { count: votesCount }),
        isOwn: poll.votes.includes(position),
        isLeading: votesCount > 0 && votesCount === most
      }
    }),
    isOver,
    countText: poll.votersCount === null ? t('poll.votes', { count: votesSum }) : t('poll.voters', { count: poll.votersCount }),
    leftText: isOver || poll.endsAt === null ? undefined : leftText(poll.endsAt - now, t),
    ends: endsAt === null ? undefined : viewTime(request, endsAt)
  }
}

/** Whole days, hours or minutes, the longest that fit; less than a minute is one. */
function leftText(leftMs: number, t: Translate): string {
  if (leftMs >= dayMs) return t('poll.daysLeft', { count: Math.floor(leftMs / dayMs) })
  if (leftMs >= hourMs) return t('poll.hoursLeft', { count: Math.floor(leftMs / hourMs) })
  return t('poll.minutesLeft', { count: Math.max(1, Math.floor(leftMs / minuteMs)) })
}
