import type { PollOptionView, PollView } from '#server/web/views/poll-view.ts'
import { plainPage, plainTimeline, type SamplePage, sample } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** Polls in all their states, and the form that asks. */
export function samplePollPages(samples: Samples): SamplePage[] {
  const { t, text, people, chrome, post, html, time, composer, composerMore } = samples
  const { ana, bo, tide } = people
  const shares: [string, number][] = [
    ['At dawn, when nobody is there', 12],
    ['At noon', 5],
    ['In the evening, with lanterns and everybody who can carry one across the causeway', 25],
    ['کنار دریا', 0]
  ]
  const sum = shares.reduce((all, [, votes]) => all + votes, 0)
  const poll = (id: string, over: Partial<PollView> = {}, ownAt?: number): PollView => ({
    id: `poll-${id}`,
    anchor: `post-${id}`,
    votePath: undefined,
    isMultiple: false,
    isFolded: over.isMultiple ?? false,
    options: shares.map(([words, votes], index): PollOptionView => {
      const share = Math.round((100 * votes) / sum)
      return {
        value: String(index),
        textHtml: text(words),
        share,
        shareText: text(`${share}%`),
        votesText: t('poll.votes', { count: votes }),
        isOwn: index === ownAt,
        isLeading: votes === 25
      }
    }),
    isOver: false,
    countText: t('poll.voters', { count: sum }),
    leftText: t('poll.hoursLeft', { count: 5 }),
    ends: time(-300),
    ...over
  })
  const asking = (author: typeof ana, words: string, of: PollView) => post(author, 30, html(words), { poll: of })
  const composing = composer({ kind: 'new', isOpen: true })
  return [
    sample('polls', 'timeline', chrome('/local', 'Local', 'person'), {
      ...plainPage,
      heading: text('Local'),
      lead: undefined,
      tabs: [],
      timeline: {
        ...plainTimeline,
        posts: [
          asking(ana, 'When shall we sweep the causeway?', poll('901', { votePath: '/posts/901/vote' })),
          asking(
            bo,
            'And which of these suit you?',
            poll('902', { votePath: '/posts/902/vote', isMultiple: true, leftText: undefined, ends: undefined })
          ),
          asking(bo, 'You said:', poll('903', {}, 2)),
          asking(tide, 'It was decided.', poll('904', { isOver: true, leftText: undefined }, 0))
        ],
        pager: { olderPath: undefined, newestPath: undefined },
        emptyText: ''
      }
    }),
    sample('compose-poll', 'compose', chrome('/posts', 'New post', 'person'), {
      heading: text('New post'),
      post: undefined,
      composer: {
        ...composing,
        more: composerMore({
          isOpen: true,
          poll: {
            ...composing.more.poll,
            isOpen: true,
            note: t('poll.changeNote'),
            options: composing.more.poll.options.map((option, index) =>
              index === 1 ? { ...option, value: text('At dawn'), error: t('errors.pollOptionTwice') } : option
            )
          }
        })
      },
      cancelPath: '/home',
      deletePath: undefined
    })
  ]
}
