import { choices, plainPage, plainTimeline, sample, type SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** Home with its line, and the pages of lists, hashtags and conversations. */
export function sampleListPages(samples: Samples): SamplePage[] {
  const { text, people, card, composer, chrome, time, timeline, html, post } = samples
  const { ana, bo, chidi, tide } = people
  const posts = timeline()
  const pager = { olderPath: '/home?before=9&since=140', newestPath: undefined }
  const empty = { value: '', error: undefined }
  const button = (label: string, path: string, tone: 'primary' | 'plain' = 'plain') => ({ path, label: text(label), name: undefined, tone })
  const direct = (author: typeof ana, place: number, isUnread: boolean) => ({
    anchor: `conversation-${place}`,
    path: `/@ana/${place}#post-${place}`,
    namesHtml: `<bdi>${author.nameHtml}</bdi>`,
    moreText: place === 2 ? text('and 2 more') : undefined,
    avatar: author,
    excerpt: text('Shall we take the early boat? I would rather not row back in the dark, and the tide turns at six.'),
    time: time(place * 40),
    isUnread,
    markRead: isUnread ? button('Mark as read', '/r') : undefined,
    remove: button('Remove', '/x')
  })
  return [
    sample('home-line', 'home', chrome('/home', 'Home', 'person'), {
      composer: composer(),
      choices: { ...choices, state: text('Without boosts') },
      firstSteps: [],
      jumpPath: '#left-off',
      timeline: {
        ...plainTimeline,
        posts: posts.slice(0, 2),
        line: text('You left off here'),
        below: posts.slice(2, 5),
        markRead: button('Mark all as read', '/home/read?upTo=140'),
        pager,
        emptyText: ''
      },
      newer: { newest: '140', path: '/home?newer=140#came-from' }
    }),
    sample('home-newer', 'home', chrome('/home', 'Home', 'person'), {
      composer: composer(),
      choices,
      firstSteps: [],
      jumpPath: '/home?around=12#left-off',
      timeline: {
        ...plainTimeline,
        posts: posts.slice(0, 2),
        cameFrom: text('Below are the posts you came from'),
        newer: { path: '/home?newer=140#came-from', label: text('Show 12 new posts') },
        newerPath: '/home?newer=200#came-from',
        pager: { ...pager, newestPath: '/home' },
        emptyText: ''
      },
      newer: undefined
    }),
    sample('lists', 'lists', chrome('/lists', 'Lists', 'person'), {
      error: undefined,
      title: empty,
      lists: [
        { path: '/lists/1', title: text('Harbour people'), text: text('12 people'), isExclusive: false },
        { path: '/lists/2', title: text('News, which I read when I want to'), text: text('40 people'), isExclusive: true }
      ]
    }),
    sample('lists-empty', 'lists', chrome('/lists', 'Lists', 'person'), { error: undefined, title: empty, lists: [] }),
    sample('list-timeline', 'timeline', chrome('/lists/1', 'Harbour people', 'person'), {
      ...plainPage,
      heading: text('Harbour people'),
      lead: text('Its members stand in no home.'),
      links: [
        { path: '/lists/1/members', label: text('Members') },
        { path: '/lists/1/edit', label: text('Settings of this list') },
        { path: '/lists', label: text('All lists') }
      ],
      tabs: [],
      choices: { ...choices, hidden: [{ name: 'timeline', value: 'list:1' }] },
      timeline: { ...plainTimeline, posts: posts.slice(0, 1), pager, emptyText: '' }
    }),
    sample('list', 'list', chrome('/lists/1/edit', 'Settings', 'person'), {
      heading: text('Settings of “Harbour people”'),
      path: '/lists/1/edit',
      error: undefined,
      title: { value: text('Harbour people'), error: undefined },
      repliesPolicy: {
        options: ['Replies to nobody else', 'Replies to members', 'Replies to anybody you follow'].map((label, at) => ({
          value: String(at),
          label: text(label),
          hint: undefined,
          isSelected: at === 1
        })),
        error: undefined
      },
      isExclusive: { isChecked: true, error: undefined },
      backPath: '/lists/1',
      deletePath: '/lists/1/delete'
    }),
    sample('list-members', 'list-members', chrome('/lists/1/members', 'Members', 'person'), {
      heading: text('Members of “Harbour people”'),
      backPath: '/lists/1',
      searchPath: '/lists/1/members',
      query: { value: 'bo', error: undefined },
      nobodyText: undefined,
      found: [card(bo, { buttons: [button('Add', '/a', 'primary')] })],
      members: [card(chidi, { buttons: [button('Remove', '/r')] }), card(tide, { buttons: [button('Remove', '/r2')] })],
      emptyText: text('Nobody stands in this list yet.'),
      pager: { olderPath: undefined, newestPath: undefined }
    }),
    sample('account-lists', 'account-lists', chrome('/accounts/2/lists', 'Lists', 'person'), {
      heading: text('Lists with @bo'),
      path: '/accounts/2/lists',
      error: undefined,
      account: card(bo, { buttons: [] }),
      lists: [
        { value: '1', label: text('Harbour people'), isChecked: true },
        { value: '2', label: text('News'), isChecked: false }
      ],
      cancelPath: '/@bo'
    }),
    sample('tags', 'tags', chrome('/tags', 'Hashtags', 'person'), {
      error: undefined,
      tag: empty,
      tags: ['lichen', 'tides'].map((tag) => ({
        path: `/tags/${tag}`,
        label: text(`#${tag}`),
        unfollow: button('Unfollow', `/tags/${tag}/unfollow`)
      }))
    }),
    sample('tag', 'timeline', chrome('/tags/lichen', '#lichen', 'person'), {
      ...plainPage,
      heading: text('#lichen'),
      lead: text('Public posts under this hashtag, newest first.'),
      button: button('Follow', '/tags/lichen/follow', 'primary'),
      tabs: [],
      timeline: { ...plainTimeline, posts: [post(bo, 77, html('Look at this #lichen.'))], pager, emptyText: '' }
    }),
    sample('conversations', 'conversations', chrome('/conversations', 'Conversations', 'person'), {
      conversations: [direct(bo, 1, true), direct(chidi, 2, false), direct(tide, 3, false)],
      emptyText: '',
      pager: { olderPath: '/conversations?before=3', newestPath: undefined }
    })
  ]
}
