import { choices, noPages, plainPage, plainTimeline, sample, type SamplePage } from '#server/web/style/sample.ts'
import { act, link } from '#server/web/views/menu-view.ts'
import { sampleFields } from '#server/web/style/fields.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** The pages one reads: front, timelines, profiles. */
export function sampleReadingPages(samples: Samples): SamplePage[] {
  const { t, text, people, composer, composerMore, part, chrome, post, html, time, timeline } = samples
  const { ana, bo, chidi } = people
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
  const { option, choice, wrong, image } = sampleFields(samples)
  const strangers = posts.slice(0, 4).map((each) => ({ ...each, actions: undefined }))
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
    note: { path: '/n', input: { value: text('Met at the pier.'), error: undefined }, charactersMax: 2000, isOpen: false },
    editPath: undefined,
    notice: undefined,
    noticeLink: undefined
  }

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
      firstSteps: [],
      jumpPath: undefined,
      newer: { newest: '140', path: '/home' }
    }),
    sample('home-empty', 'home', chrome('/home', 'Home', 'person', { flash: { tone: 'good', text: text('Your post is out.') } }), {
      composer: composer(),
      timeline: still,
      choices,
      firstSteps: [
        { path: '/welcome', label: t('home.findPeople') },
        { path: '/local', label: t('home.seeLocal') }
      ],
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
        firstSteps: [],
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
    sample('profile-blocked', 'profile', chrome('/@bo@harbour.example', 'Bo Okafor'), {
      profile: {
        ...profile,
        badges: [],
        known: undefined,
        mainButton: { path: '/accounts/2/unblock', label: text('Unblock'), name: text('Unblock @bo'), tone: 'plain' as const },
        notice: t('profile.blockingNotice')
      },
      tabs: [],
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
    })
  ]
}
