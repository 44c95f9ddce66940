import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'
import type { NotificationView } from '#server/web/views/notification-view.ts'

/** The pages about people and what they say to one another: lists of them, threads, notifications. */
export function sampleMeetingPages(samples: Samples): SamplePage[] {
  const { text, people, card, composer, chrome, post, html, time, media } = samples
  const { ana, bo, chidi, dara, tide } = people
  const tab = (path: string, label: string, isCurrent = false) => ({ path, label: text(label), isCurrent })
  const ownEmojiChoices = ['seal', 'lichen', 'skerry'].map((code) => ({
    value: `:${code}@.:`,
    emojiHtml: text(`:${code}:`),
    name: text(`React with :${code}:`)
  }))
  const reactionPicker = {
    path: '/posts/120/react',
    choices: ['👍', '🎉', '👀'].map((emoji) => ({ emoji: text(emoji), name: text(`React with ${emoji}`) })),
    own: ownEmojiChoices,
    hasMore: true,
    typed: okay
  }
  const focused = post(
    ana,
    66,
    html('Does anyone know a plain text format for tide tables? I have twelve years of PDF and a free evening.'),
    { replyCount: 5, boostCount: 12, favouriteCount: 17, isFavourited: true, isFocused: true, reactionPicker }
  )
  const answer = (author: typeof ana, depth: 0 | 1 | 2 | 3 | 4, words: string, isJoined = false) => ({
    depth,
    isJoined,
    post: post(author, 50 - depth, html(words))
  })
  const notification = (kind: NotificationView['kind'], account: typeof ana, isUnread = false, over = {}) => ({
    id: `${kind}-${account.id}`,
    kind,
    account,
    isOfPerson: true,
    faces: [],
    othersCount: 0,
    tally: [],
    time: time(20),
    isUnread,
    post: undefined,
    excerpt: undefined,
    emojiHtml: '',
    buttons: [],
    ...over
  })
  const excerpt = {
    path: '/@ana/103',
    text: text('Morning light on the outer rocks. The lichen is as yellow as the door of the boathouse.')
  }

  return [
    sample('people', 'people', chrome('/@ana/followers', 'Followers'), {
      heading: text('Followers'),
      lead: undefined,
      back: { path: '/@ana', label: text('@ana') },
      tabs: [tab('/a', 'Followers', true), tab('/b', 'Following')],
      cards: [card(bo, { badges: [text('Follows you')] }), card(chidi, { note: '' }), card(dara), card(tide, { buttons: [] })],
      emptyText: '',
      pager: noPages
    }),
    sample('requests', 'people', chrome('/follow-requests', 'Follow requests'), {
      heading: text('Follow requests'),
      lead: text('These people want to follow you.'),
      back: undefined,
      tabs: [],
      cards: [
        card(bo, {
          buttons: [
            { path: '/y', label: text('Accept'), name: text('Accept @bo'), tone: 'primary' as const },
            { path: '/n', label: text('Reject'), name: text('Reject @bo'), tone: 'plain' as const }
          ]
        })
      ],
      emptyText: '',
      pager: noPages
    }),
    sample('thread', 'thread', chrome('/@ana/120', 'Post by Ana'), {
      heading: text('Conversation'),
      ancestors: [
        post(bo, 90, html('The harbour office still prints its tables on paper.')),
        post(chidi, 80, html('Twelve years of it, they say.'), { isLocal: false })
      ],
      unmutePath: undefined,
      isParentMissing: false,
      pull: { text: text('Looking for more of this conversation: 3 posts found so far.'), isRunning: true, askPath: undefined },
      reach: text('12 other servers have this, on its way to 2.'),
      post: focused,
      replies: [
        answer(chidi, 0, 'There is a text dump, one line per event. Easy to search.'),
        answer(ana, 1, 'That is exactly it, thank you! Does it carry the datum, or do I have to know it?'),
        answer(chidi, 2, 'Header line. Check it: two ports in the north use local zero.'),
        answer(bo, 3, 'I have the paper ones for those two.'),
        answer(ana, 4, 'Wonderful.'),
        answer(bo, 0, 'The office hands out tables if you ask nicely.'),
        answer(ana, 0, 'I shall, and bring a scanner.', true)
      ],
      replyCount: 7,
      boostersPath: '/boosts',
      favouritersPath: '/favourites',
      composer: composer({ kind: 'reply', replyTo: { id: '120', name: ana.name, handle: ana.handle, path: '/@ana/120' } }),
      moreRepliesPath: '/@ana/120?from=100#replies',
      firstRepliesPath: undefined
    }),
    sample(
      'thread-stranger',
      'thread',
      chrome('/@ana/121', 'Post by Ana', 'stranger', { alternateUrl: 'https://skerry.example/@ana/121' }),
      {
        heading: text('Conversation'),
        ancestors: [],
        unmutePath: undefined,
        isParentMissing: true,
        pull: {
          text: text('2 parts of this conversation could not be fetched (harbour.example).'),
          isRunning: false,
          askPath: undefined
        },
        reach: undefined,
        post: {
          ...focused,
          reactionPicker: undefined,
          actions: undefined,
          isLocal: false,
          mediaFold: text('Sensitive images'),
          media: [media('boat.png', 800, 600, 'A boat.')],
          replyTo: { name: chidi.name, nameHtml: chidi.nameHtml, handle: chidi.handle, path: undefined }
        },
        replies: [],
        replyCount: 0,
        boostersPath: undefined,
        favouritersPath: undefined,
        composer: undefined,
        moreRepliesPath: undefined,
        firstRepliesPath: undefined
      }
    ),
    sample('notifications', 'notifications', chrome('/notifications', 'Notifications'), {
      tabs: [tab('/n', 'All', true), tab('/m', 'Mentions')],
      markReadPath: '/notifications/read',
      lead: undefined,
      policyPath: undefined,
      emptyText: '',
      notifications: [
        notification('mention', chidi, true, {
          post: post(
            chidi,
            20,
            `<p><a class="mention" href="/@ana">${text('@ana')}</a> ${text('do you have the tables for 2019 too?')}</p>`,
            { isLocal: false }
          )
        }),
        notification('request', dara, true, {
          buttons: [
            { path: '/y', label: text('Accept'), name: text('Accept Dara'), tone: 'primary' as const },
            { path: '/n', label: text('Reject'), name: text('Reject Dara'), tone: 'plain' as const }
          ]
        }),
        notification('favourite', bo, false, { excerpt }),
        notification('boost', chidi, false, { excerpt }),
        notification('reaction', dara, false, { excerpt, emojiHtml: text('🎉') }),
        notification('edit', bo, false, { excerpt }),
        notification('poll', chidi, false, { excerpt }),
        notification('quote', bo, true, { post: post(bo, 18, html('Look at this light.'), { isLocal: false }) }),
        notification('approval', dara, true, {
          excerpt,
          buttons: [
            { path: '/y', label: text('Approve'), name: text('Approve Dara'), tone: 'primary' as const },
            { path: '/n', label: text('Refuse'), name: text('Refuse Dara'), tone: 'plain' as const }
          ]
        }),
        notification('refused', chidi, false, { excerpt }),
        notification('move', bo),
        notification('ban', tide, false, {
          excerpt: { path: '/@tides', text: text('What you write is not sent there. Its reason: noise.') }
        }),
        notification('several', dara, true, {
          excerpt,
          faces: [dara, bo, chidi],
          othersCount: 2,
          tally: [text('2 favourites'), text('1 boost')]
        }),
        notification('post', tide, false, { post: post(tide, 9, html('Spring tide on Thursday.')) }),
        notification('severed', tide, true, {
          isOfPerson: false,
          excerpt: { path: '/notifications/severed/1', text: text('loud.example: you follow 2 people there.') }
        }),
        notification('follow', tide, false, { faces: [tide, ana], othersCount: 1 })
      ],
      pager: { olderPath: '/notifications?before=9', newestPath: undefined }
    }),
    sample('notifications-empty', 'notifications', chrome('/notifications', 'Notifications'), {
      tabs: [],
      markReadPath: undefined,
      lead: text('People of servers that were met only recently.'),
      policyPath: '/settings/notifications',
      emptyText: text('No requests.'),
      notifications: [],
      pager: noPages
    }),
    sample('severed', 'severed', chrome('/notifications/severed/1', 'What rests'), {
      heading: text('What rests since loud.example was suspended'),
      lead: text('You follow one person there.'),
      csvPath: '/notifications/severed/1/follows.csv',
      cards: [card(chidi, { buttons: [] })],
      emptyText: '',
      pager: noPages
    })
  ]
}
