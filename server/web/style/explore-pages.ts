import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** Pages for those who look for something: search, what many talk about, people, and what moderators see of it. */
export function sampleExplorePages(samples: Samples): SamplePage[] {
  const { text, people, post, html, chrome } = samples
  const { adminTabs, frame } = sampleAdmin(samples)
  const { bo, tide, chidi } = people
  const tabs = (current: string) =>
    [
      ['/explore', 'Explore'],
      ['/search', 'Search'],
      ['/directory', 'Directory']
    ].map(([path = '', label = '']) => ({ path, label: text(label), isCurrent: label === current }))
  const card = (account: typeof bo) => ({
    account,
    note: text('Keeps the light at the harbour mouth, and reads old logbooks aloud.'),
    buttons: [
      { path: '/f', label: text('Follow'), name: text('Follow @bo'), tone: 'primary' as const },
      { path: '/d', label: text('Not for me'), name: text('Not for me: Bo'), tone: 'plain' as const }
    ],
    badges: [text('3 people you follow follow them')]
  })
  const tags = [
    { path: '/tags/tides', label: text('#tides'), text: text('12 people, 30 posts') },
    { path: '/tags/x', label: text('#averyveryverylongtagthatsomebodymadeupforthesakeofit'), text: text('3 people, 4 posts') }
  ]
  const found = {
    tabs: tabs('Search'),
    hasResults: true,
    accounts: [],
    posts: [],
    tags: [],
    notice: undefined,
    noticeLink: undefined,
    steps: [],
    againPath: undefined,
    operators: [
      { example: text('"old lighthouse"'), text: text('These words, one right after the other.') },
      { example: text('from:@name@example.org'), text: text('Posts by this person; from:me for your own.') }
    ],
    isHelpOpen: false,
    suggestions: [],
    pager: noPages
  }
  const trend = (kind: 'tag' | 'link', label: string, state: 'waiting' | 'approved' | 'rejected') => ({
    label: text(label),
    path: '/x',
    text: text('12 people, 30 posts'),
    state: text(state),
    isApproved: state === 'approved',
    isRejected: state === 'rejected',
    kind,
    key: label,
    approveName: text(`Approve ${label}`),
    rejectName: text(`Reject ${label}`)
  })
  return [
    sample('search', 'search', chrome('/search', 'Search'), {
      ...found,
      query: { value: text('tide'), error: undefined },
      accounts: [card(tide)],
      posts: [post(chidi, 20, html('The tide was out.'))],
      tags: [
        { path: '/tags/tides', label: text('#tides') },
        { path: '/tags/tidepool', label: text('#tidepool') }
      ]
    }),
    sample('search-failed', 'search', chrome('/search', 'Search'), {
      ...found,
      query: { value: text('@bo@harbour.example'), error: undefined },
      notice: text('Nothing was found at that address.'),
      steps: [
        { text: text('Asked harbour.example who @bo@harbour.example is'), isOk: true, reason: undefined, detail: undefined },
        {
          text: text('Read the account at https://harbour.example/users/bo'),
          isOk: false,
          reason: text('Its server is busy or has trouble of its own. It may work later.'),
          detail: text('https://harbour.example/users/bo answered 502.')
        }
      ],
      againPath: '/search/again'
    }),
    sample('search-fault', 'search', chrome('/search', 'Search'), {
      ...found,
      query: { value: text('has:smell'), error: text('“has:smell” is not something that can be asked for.') },
      isHelpOpen: true
    }),
    sample('search-empty', 'search', chrome('/search', 'Search'), {
      ...found,
      hasResults: false,
      query: okay,
      suggestions: [card(bo)]
    }),
    sample('explore', 'explore', chrome('/explore', 'Explore'), {
      tabs: tabs('Explore'),
      tags,
      links: [{ path: 'https://sky.example/comet', label: text('sky.example/comet'), text: text('3 people, 3 posts') }],
      posts: [post(bo, 20, html('The comet from my roof.'), { isLocal: false })],
      suggestions: [card(bo)],
      emptyText: undefined
    }),
    sample('explore-empty', 'explore', chrome('/explore', 'Explore'), {
      tabs: tabs('Explore'),
      tags: [],
      links: [],
      posts: [],
      suggestions: [],
      emptyText: text('Nothing here yet.')
    }),
    sample('directory', 'directory', chrome('/directory', 'Directory'), {
      tabs: tabs('Directory'),
      lead: text('People of this server who want to be found.'),
      places: [
        { path: '/a', label: text('Of this server'), isCurrent: true },
        { path: '/b', label: text('Of other servers'), isCurrent: false }
      ],
      orders: [
        { path: '/c', label: text('Active lately'), isCurrent: true },
        { path: '/d', label: text('Newest first'), isCurrent: false }
      ],
      cards: [card(bo), card(tide)],
      emptyText: '',
      pager: noPages
    }),
    sample('directory-empty', 'directory', chrome('/directory', 'Directory'), {
      tabs: tabs('Directory'),
      lead: text('People of this server who want to be found.'),
      places: [],
      orders: [{ path: '/c', label: text('Active lately'), isCurrent: true }],
      cards: [],
      emptyText: text('Nobody is listed here.'),
      pager: noPages
    }),
    sample('admin-trends', 'admin/trends', frame('/admin/trends', 'Trends'), {
      adminTabs: adminTabs('Trends'),
      path: '/admin/trends',
      error: undefined,
      mode: {
        options: [
          { value: 'reviewed', label: text('After review'), hint: text('Only what a moderator has approved below.'), isSelected: true },
          { value: 'off', label: text('Not at all'), hint: text('Nothing is counted.'), isSelected: false }
        ],
        error: undefined
      },
      kinds: [{ path: '/a', label: text('Tags'), isCurrent: true }],
      trends: [trend('tag', '#tides', 'waiting'), trend('link', 'sky.example/comet', 'approved'), trend('tag', '#noise', 'rejected')],
      emptyText: '',
      isOff: false
    })
  ]
}
