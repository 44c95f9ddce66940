import type { AllPageViews } from '#server/web/render.ts'
import { act, link } from '#server/web/views/menu-view.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import type { NotificationView } from '#server/web/views/notification-view.ts'
import { okay, type Samples } from '#test/helpers/samples.ts'
import { focusChoice } from '#server/web/views/focus-choice.ts'

/** One page with everything it needs; `file` names the picture. */
export interface SamplePage<Name extends keyof AllPageViews = keyof AllPageViews> {
  file: string
  name: Name
  view: AllPageViews[Name]
  chrome: ChromeView
}

const okayCheck = { isChecked: false, error: undefined }
const noPages = { olderPath: undefined, newestPath: undefined }
/** What a timeline is without a line, a newer page or anything to mark. */
/** A timeline page of nothing but posts, and what stands around home's. */
export const plainPage = { links: [], button: undefined, choices: undefined }
export const choices = {
  method: 'post' as const,
  path: '/timelines/choices',
  hidden: [{ name: 'timeline', value: 'home' }],
  hidesBoosts: okayCheck,
  hidesReplies: okayCheck,
  state: undefined
}
export const plainTimeline = {
  line: undefined,
  below: [],
  cameFrom: undefined,
  newer: undefined,
  newerPath: undefined,
  markRead: undefined
}

export function sample<Name extends keyof AllPageViews>(
  file: string,
  name: Name,
  chrome: ChromeView,
  view: AllPageViews[Name]
): SamplePage {
  return { file, name, view, chrome } as SamplePage
}

/** The pages one reads: front, timelines, profiles, threads, notifications, search. */
export function sampleReadingPages(samples: Samples): SamplePage[] {
  const { t, text, people, card, composer, composerMore, part, chrome, post, html, time, timeline, media } = samples
  const { ana, bo, chidi, dara, tide } = people
  const posts = timeline()
  const stream = {
    ...plainTimeline,
    posts,
    pager: { olderPath: '/home?before=101', newestPath: undefined },
    emptyText: text('Nothing here yet.')
  }
  const still = {
    ...plainTimeline,
    posts: [],
    pager: noPages,
    emptyText: text('Nothing here yet. Follow somebody, or look at what others write here.')
  }
  const tab = (path: string, label: string, isCurrent = false) => ({ path, label: text(label), isCurrent })
  const wrong = (value: string, error: string) => ({ value: text(value), error: text(error) })
  const option = (value: string, label: string, isSelected = false, hint?: string) => ({
    value,
    label: text(label),
    hint: hint && text(hint),
    isSelected
  })
  const choice = (...options: ReturnType<typeof option>[]) => ({ options, error: undefined })
  const strangers = posts.slice(0, 4).map((each) => ({ ...each, actions: undefined }))
  const focused = post(
    ana,
    66,
    html('Does anyone know a plain text format for tide tables? I have twelve years of PDF and a free evening.'),
    { replyCount: 5, boostCount: 12, favouriteCount: 17, isFavourited: true }
  )
  const answer = (author: typeof ana, depth: 0 | 1 | 2 | 3 | 4, words: string) => ({ depth, post: post(author, 50 - depth, html(words)) })
  const profile = {
    account: bo,
    headerUrl: undefined,
    noteHtml: html('Harbour master, amateur photographer. Two children, one boat.'),
    fields: [
      { nameHtml: text('Home'), valueHtml: `<a href="https://harbour.example">${text('harbour.example')}</a>`, isVerified: true },
      { nameHtml: text('Boat'), valueHtml: text('Maren, 1964'), isVerified: false }
    ],
    joined: time(60 * 24 * 700),
    counts: [
      { text: text('1,204 posts'), path: undefined },
      { text: text('87 following'), path: '/@bo@harbour.example/following' },
      { text: text('431 followers'), path: '/@bo@harbour.example/followers' }
    ],
    remoteUrl: 'https://harbour.example/@bo',
    badges: [text('Follows you')],
    mainButton: { path: '/f', label: text('Unfollow'), name: text('Unfollow @bo'), tone: 'plain' as const },
    moreItems: [act(text('Mute @bo'), '/m'), link(text('Block @bo'), '/b'), link(text('Report @bo'), '/r')],
    tags: [{ path: '/@bo@harbour.example/tagged/boats', label: text('#boats') }],
    known: { faces: [ana, chidi], text: text('Followed by Ana and Chidi, whom you follow') },
    note: { path: '/n', input: { value: text('Met at the pier.'), error: undefined }, charactersMax: 2000, isOpen: true },
    editPath: undefined,
    notice: undefined,
    noticeLink: undefined
  }
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
  const image = (position: number, name: string) => ({
    id: `m${position}`,
    url: `/media/${name}`,
    width: 400,
    height: 300,
    position,
    total: 2,
    alt: okay,
    focus: focusChoice(t, { id: position, focusX: 0, focusY: 0 })
  })

  return [
    sample(
      'front',
      'front',
      chrome('/', 'Welcome', 'stranger', {
        canonicalUrl: 'https://skerry.example/',
        description: text('A small island in the fediverse.'),
        isIndexable: true
      }),
      {
        instanceName: text('Outer Skerries'),
        descriptionHtml: html('A small island in the fediverse, for people who live by the sea or would like to.'),
        hasOwner: true,
        signInPath: '/sign-in',
        signUpPath: '/sign-up',
        timeline: { ...stream, posts: strangers }
      }
    ),
    sample('front-new', 'front', chrome('/', 'Welcome', 'stranger'), {
      instanceName: text('Outer Skerries'),
      descriptionHtml: '',
      hasOwner: false,
      signInPath: '/sign-in',
      signUpPath: undefined,
      timeline: still
    }),
    sample('home', 'home', chrome('/home', 'Home', 'person'), {
      composer: composer(),
      timeline: stream,
      choices,
      jumpPath: undefined,
      newer: { newest: '140', path: '/home' }
    }),
    sample('home-empty', 'home', chrome('/home', 'Home', 'person', { flash: { tone: 'good', text: text('Your post is out.') } }), {
      composer: composer(),
      timeline: still,
      choices,
      jumpPath: undefined,
      newer: { newest: '1', path: '/home' }
    }),
    sample(
      'home-error',
      'home',
      chrome('/home', 'Home', 'moderator', { flash: { tone: 'plain', text: text('You were away for a while.') } }),
      {
        composer: composer({
          isOpen: true,
          error: text('The post could not go out yet.'),
          parts: [
            part({
              text: wrong('A very long thought', 'The text is 12 characters too long.'),
              imagesError: text('This file is not an image we know.'),
              images: [{ ...image(1, 'boat.png'), alt: wrong('', 'The description is too long.') }, image(2, 'storm.png')]
            })
          ],
          warning: wrong('Long', 'The warning is too long.'),
          more: composerMore({ isOpen: true, language: choice(option('en', 'English', true), option('nb', 'Norwegian')) })
        }),
        timeline: stream,
        choices,
        jumpPath: undefined,
        newer: undefined
      }
    ),
    sample('local', 'timeline', chrome('/local', 'Local', 'person'), {
      ...plainPage,
      choices,
      heading: text('Local'),
      lead: text('Public posts of this instance, newest first.'),
      tabs: [tab('/local', 'Local', true), tab('/federated', 'Federated')],
      timeline: { ...stream, pager: { olderPath: '/local?before=5', newestPath: '/local' } }
    }),
    sample('profile', 'profile', chrome('/@bo@harbour.example', 'Bo Okafor'), {
      profile,
      tabs: [tab('/p', 'Posts', true), tab('/r', 'Posts and replies'), tab('/m', 'Media')],
      history: { text: text('Loading posts from harbour.example…'), link: { path: '/@bo@harbour.example', label: text('Show again') } },
      pinned: [post(bo, 9000, html('About this boat, and me.'), { isPinned: true })],
      timeline: { ...stream, posts: posts.slice(0, 3) }
    }),
    sample('profile-own', 'profile', chrome('/@ana', 'Ana'), {
      profile: {
        ...profile,
        account: ana,
        headerUrl: '/media/shore.png',
        editPath: '/settings/profile',
        mainButton: undefined,
        moreItems: [],
        remoteUrl: undefined,
        badges: [text('Moderator')],
        notice: text('This account has moved to another address:'),
        noticeLink: { path: '/@bo@elsewhere.example', label: text('@bo@elsewhere.example') }
      },
      tabs: [tab('/p', 'Posts', true), tab('/r', 'Posts and replies')],
      history: undefined,
      pinned: [],
      timeline: still
    }),
    sample('profile-memorial', 'profile', chrome('/@chidi', 'Chidi', 'stranger'), {
      profile: {
        ...profile,
        account: chidi,
        badges: [text('In memory')],
        mainButton: undefined,
        moreItems: [],
        notice: text('This community keeps you out until 4 December. What you write is not sent there. Its reason: noise.')
      },
      tabs: [tab('/p', 'Posts', true)],
      history: { text: text('3 older posts could not be fetched from harbour.example.'), link: undefined },
      pinned: [],
      timeline: still
    }),
    sample('people', 'people', chrome('/@ana/followers', 'Followers'), {
      heading: text('Followers'),
      lead: undefined,
      account: ana,
      tabs: [tab('/a', 'Followers', true), tab('/b', 'Following')],
      cards: [card(bo, { badges: [text('Follows you')] }), card(chidi, { note: '' }), card(dara), card(tide, { buttons: [] })],
      emptyText: '',
      pager: noPages
    }),
    sample('requests', 'people', chrome('/follow-requests', 'Follow requests'), {
      heading: text('Follow requests'),
      lead: text('These people want to follow you.'),
      account: undefined,
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
        answer(bo, 0, 'The office hands out tables if you ask nicely.')
      ],
      replyCount: 6,
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
