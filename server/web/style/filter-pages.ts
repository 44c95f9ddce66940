import { emptyForm } from '#server/web/form.ts'
import { Typed } from '#server/web/typed.ts'
import { settingsTabsOf } from '#server/web/views/settings-sections.ts'
import { toFilterFields } from '#server/web/views/filter-fields.ts'
import { plainPage, plainTimeline, sample, type SamplePage } from '#server/web/style/sample.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** Filters, what they do to posts, timed mutes and hidden servers. */
export function sampleFilterPages({ t, text, people, post, chrome, html, media }: Samples): SamplePage[] {
  const { bo, chidi } = people
  const tabs = settingsTabsOf('filters', t)
  const row = {
    title: text('Spiders'),
    path: '/settings/filters/1',
    stateText: text('Ends in 3 days (26 Nov, 14:05)'),
    isEnded: false,
    whatText: text('Folds posts away: Home and lists, Conversations'),
    wordsText: text('spider, Spinne, edderkopp'),
    postsText: '',
    deletePath: '/settings/filters/1/delete',
    deleteName: text('Delete the filter Spiders')
  }
  const start = {
    title: text('Spiders'),
    keywords: ['spider', 'Spinne'].map((keyword) => ({ keyword: text(keyword), isWholeWord: true })),
    action: 'warn',
    places: ['home', 'thread'],
    keptEndText: text('As it is: Ends in 3 days')
  } as const
  const form = {
    tabs,
    heading: text('Filter “Spiders”'),
    path: '/settings/filters/1',
    error: undefined,
    back: '/settings/filters',
    titleCharactersMax: 80,
    keywordCharactersMax: 100,
    ...toFilterFields(new Typed(emptyForm), start, t),
    post: undefined,
    posts: [{ id: '7', path: '/@bo/7', text: text('Eight legs on the pillow this morning.'), isChecked: false }],
    other: undefined,
    deletePath: '/settings/filters/1/delete'
  }
  const span = (value: string, label: string, isSelected = false) => ({ value, label: text(label), hint: undefined, isSelected })
  const folded = post(bo, 12, html('A huge one sat in the bath.'), { filterFold: text('Filtered: Spiders'), isAuthorInTabs: false })
  const blurred = post(chidi, 40, html('Look at this one.'), {
    mediaFold: text('Filtered: Spiders'),
    isAuthorInTabs: false,
    media: [media('boat.png', 800, 600, 'A spider on a rope.')]
  })
  const both = post(bo, 50, html('And again.'), {
    filterFold: text('Filtered: Spiders, Weather'),
    warning: text('eight legs'),
    warningHtml: text('eight legs'),
    isAuthorInTabs: false
  })
  return [
    sample('filtered-posts', 'timeline', chrome('/local', 'This instance'), {
      ...plainPage,
      choices: undefined,
      heading: text('This instance'),
      lead: undefined,
      tabs: [],
      timeline: {
        ...plainTimeline,
        posts: [folded, blurred, both],
        pager: { olderPath: '/local?before=1', newestPath: undefined },
        emptyText: text('Nothing here yet.')
      }
    }),
    sample('settings-filters', 'settings-filters', chrome('/settings/filters', 'Filters'), {
      tabs,
      newPath: '/settings/filters/new',
      fullText: '',
      filters: [
        row,
        {
          ...row,
          title: text('Football'),
          path: '/settings/filters/2',
          stateText: text('Never ends'),
          wordsText: '',
          postsText: text('2 single posts')
        },
        { ...row, title: text('Election night'), path: '/settings/filters/3', stateText: text('Has ended'), isEnded: true }
      ]
    }),
    sample('settings-filters-empty', 'settings-filters', chrome('/settings/filters', 'Filters'), {
      tabs,
      newPath: undefined,
      fullText: text('You have 100 filters.'),
      filters: []
    }),
    sample('settings-filter', 'settings-filter', chrome('/settings/filters/1', 'Filter'), form),
    sample('settings-filter-post', 'settings-filter', chrome('/posts/7/filter', 'Filter this post'), {
      ...form,
      heading: text('Filter this post'),
      error: text('Please look at the marked fields.'),
      title: { value: '', error: text('Please fill this in.') },
      placesError: text('Choose at least one place in which the filter works.'),
      post: { id: '7', text: text('Eight legs on the pillow.'), check: { isChecked: true, error: undefined } },
      posts: [],
      other: { path: '/posts/7/filter', filter: { options: [span('1', 'Spiders', true), span('2', 'Football')], error: undefined } },
      deletePath: undefined
    }),
    sample('mute', 'mute', chrome('/accounts/2/mute', 'Mute @bo'), {
      heading: text('Mute @bo'),
      path: '/accounts/2/mute',
      error: undefined,
      returnTo: '/home',
      duration: {
        options: [span('never', 'Until I unmute', true), span('3600000', '1 hour'), span('86400000', '1 day')],
        error: undefined
      },
      hidesNotifications: { isChecked: true, error: undefined }
    }),
    sample('settings-servers', 'settings-servers', chrome('/settings/servers', 'Servers'), {
      tabs,
      path: '/settings/servers',
      error: undefined,
      domain: okay,
      removePath: '/settings/servers/remove',
      servers: [{ domain: text('harbour.example'), name: text('Show again harbour.example') }]
    })
  ]
}
