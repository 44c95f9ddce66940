import { sample, type SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** The composer with a draft in it, and the lists of what was begun and what waits for its time. */
export function sampleDraftPages(samples: Samples): SamplePage[] {
  const { t, text, time, chrome, composer, composerMore, part } = samples
  const typed = (words: string) => ({ value: text(words), error: undefined })
  const tab = (path: string, key: string, isCurrent = false) => ({ path, label: t(key), isCurrent })
  const tabs = (current: string) => [
    tab('/drafts', 'draft.drafts', current === 'drafts'),
    tab('/drafts/scheduled', 'draft.scheduled', current === 'scheduled')
  ]
  const draft = (id: number, words: string) => ({
    anchor: `draft-${id}`,
    path: `/drafts/${id}`,
    text: text(words),
    warning: '',
    marks: [t('draft.isReply'), t('draft.isThread', { count: 3 }), t('draft.images', { count: 1 })],
    pictures: [{ url: '/media/boat.png', width: 160, height: 120 }],
    time: time(30),
    timeText: t('draft.saved', { time: time(30).text }),
    failure: undefined,
    open: {
      path: `/drafts/${id}`,
      label: t('draft.writeOn'),
      name: t('draft.openName', { label: t('draft.writeOn'), words: text(words) })
    },
    publishPath: undefined,
    unschedulePath: undefined,
    deletePath: `/drafts/${id}/delete`
  })
  const failure = t('draft.failed', { time: time(30).text, reason: t('errors.parentMissing') })
  return [
    sample('drafts', 'drafts', chrome('/drafts', 'Drafts'), {
      heading: t('draft.drafts'),
      lead: t('draft.draftsLead'),
      tabs: tabs('drafts'),
      drafts: [
        draft(1, 'On lighthouses, and what they burned.'),
        { ...draft(2, 'Too late for this one.'), failure, warning: text('Long'), marks: [], pictures: [] }
      ],
      emptyText: ''
    }),
    sample('drafts-scheduled', 'drafts', chrome('/drafts/scheduled', 'Scheduled'), {
      heading: t('draft.scheduled'),
      lead: t('draft.scheduledLead'),
      tabs: tabs('scheduled'),
      drafts: [{ ...draft(3, 'Tide tables of December.'), publishPath: '/drafts/3/publish', unschedulePath: '/drafts/3/unschedule' }],
      emptyText: ''
    }),
    sample('drafts-none', 'drafts', chrome('/drafts', 'Drafts'), {
      heading: t('draft.drafts'),
      lead: t('draft.draftsLead'),
      tabs: tabs('drafts'),
      drafts: [],
      emptyText: t('draft.draftsEmpty')
    }),
    sample('compose-thread', 'compose', chrome('/drafts/4', 'Draft'), {
      heading: t('draft.heading'),
      post: undefined,
      composer: composer({
        isOpen: true,
        sends: 'schedule',
        mayBeThread: false,
        mayAddPart: true,
        parts: [
          part({ text: typed('The first lamp burned whale oil.') }),
          part({
            number: 2,
            suffix: '2',
            label: t('composer.partText', { number: 2 }),
            rows: 3,
            text: { value: text('The second one paraffin.'), error: text('It is too long.') },
            imagesError: text('This is no image we know.'),
            mayRemove: true
          })
        ],
        more: composerMore({
          isOpen: true,
          schedule: {
            at: { value: '2026-11-22T10:00', error: t('errors.scheduleTooSoon', { minutes: 5 }) },
            hint: t('composer.scheduleHint', { zone: 'Europe/Oslo' })
          }
        })
      }),
      cancelPath: '/drafts',
      deletePath: '/drafts/4/delete'
    })
  ]
}
