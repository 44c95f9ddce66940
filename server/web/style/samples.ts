import type { Translate } from '#server/platform/messages.ts'
import type { AccountCardView, AccountView } from '#server/web/views/account-view.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import type { ComposerMoreView, ComposerPartView, ComposerView } from '#server/web/views/composer-view.ts'
import { link } from '#server/web/views/menu-view.ts'
import { toNavView } from '#server/web/views/nav-view.ts'
import type { MediaView, PostView } from '#server/web/views/post-view.ts'
import { type TimeView, toTimeView } from '#server/web/views/time-view.ts'
import { toPollFields } from '#server/web/views/poll-fields.ts'
import { Typed } from '#server/web/typed.ts'
import { toPolicyFields } from '#server/web/views/policy-fields.ts'
import { visibilityChoice, visibilityText } from '#server/web/views/visibility-view.ts'

/** What samples are made with: `text` dresses words that people wrote, so that a test can tell them from ours. */
export interface SampleWords {
  t: Translate
  text: (words: string) => string
}

export type Samples = ReturnType<typeof createSamples>

const now = new Date('2026-11-23T14:20:00Z')
const minuteMs = 60_000
export const okay = { value: '', error: undefined }

/** A cast of people and their posts, for pages without a database. */
export function createSamples({ t, text }: SampleWords) {
  const time = (minutesAgo: number): TimeView => {
    const view = toTimeView(new Date(now.getTime() - minutesAgo * minuteMs), now, t)
    return { iso: view.iso, text: text(view.text), full: text(view.full), date: text(view.date), relative: text(view.relative) }
  }
  const account = (name: string, handle: string, avatar: string | undefined, isBot = false): AccountView => ({
    id: handle.slice(1).replaceAll(/\W/g, '-'),
    name: text(name),
    nameHtml: text(name),
    handle: text(handle),
    avatarUrl: avatar && `/media/${avatar}`,
    initial: text(name.charAt(0)),
    path: `/${handle}`,
    isBot
  })
  const people = {
    ana: account('Ana Lindqvist', '@ana', 'ana.png'),
    bo: account('Bo Okafor ⛵', '@bo@harbour.example', 'bo.png'),
    chidi: account('Chidi Ferreira', '@chidi@a-rather-long-name-of-a-server.example', undefined),
    dara: account('دارا نوری', '@dara@shore.example', 'dara.png'),
    tide: account('Tide tables for the outer skerries', '@tides', undefined, true)
  }
  const media = (name: string, width: number, height: number, alt: string, position = 1, total = 1): MediaView => ({
    url: `/media/${name}`,
    fullUrl: `/media/${name}`,
    width,
    height,
    alt: alt && text(alt),
    position,
    total,
    isCropped: total > 1,
    focus: 'focus-centre',
    behindUrl: undefined,
    veilUrl: `/media/${name}`
  })
  const html = (...paragraphs: string[]) => paragraphs.map((paragraph) => `<p>${text(paragraph)}</p>`).join('')

  let lastId = 100
  const post = (author: AccountView, minutesAgo: number, contentHtml: string, over: Partial<PostView> = {}): PostView => {
    const id = String(++lastId)
    const visibility = over.visibility ?? 'public'
    return {
      id,
      anchor: `post-${id}`,
      path: `${author.path}/${id}`,
      url: `https://skerry.example${author.path}/${id}`,
      isLocal: true,
      author,
      boostedBy: undefined,
      isPinned: false,
      replyTo: undefined,
      contentHtml,
      language: 'en',
      warning: undefined,
      warningHtml: over.warning ?? '',
      isWarningOpen: false,
      mediaFold: undefined,
      filterFold: undefined,
      media: [],
      quote: undefined,
      linkCard: undefined,
      notice: undefined,
      poll: undefined,
      reactions: [],
      reactionsPath: undefined,
      reactionPicker: undefined,
      visibility,
      visibilityText: over.isFocused || visibility !== 'public' ? visibilityText(visibility, t) : undefined,
      isLocalOnly: false,
      time: time(minutesAgo),
      edited: undefined,
      historyPath: undefined,
      replyCount: 0,
      boostCount: 0,
      favouriteCount: 0,
      isBoosted: false,
      isFavourited: false,
      isBookmarked: false,
      isOwn: false,
      isFocused: false,
      isAuthorInTabs:
        (over.isFocused ?? false) || !(over.warning !== undefined || over.media || over.poll || over.quote || contentHtml.includes('<a ')),
      actions: {
        replyPath: `${author.path}/${id}#reply`,
        boostPath: visibility === 'followers' || visibility === 'direct' ? undefined : `/posts/${id}/boost`,
        favouritePath: `/posts/${id}/favourite`,
        bookmarkPath: `/posts/${id}/bookmark`,
        isBookmarkInMenu: over.poll?.votePath !== undefined && !over.poll.isFolded,
        more: [
          link(t('post.permalink'), `${author.path}/${id}`),
          link(t('account.profileHandle', { handle: author.handle }), author.path),
          link(t('mute.act', { handle: author.handle }), `/accounts/${author.id}/mute`),
          link(t('account.blockHandle', { handle: author.handle }), `/accounts/${author.id}/block`),
          link(t('post.report'), `/posts/${id}/report`)
        ]
      },
      ...over
    }
  }

  const card = (of: AccountView, over: Partial<AccountCardView> = {}): AccountCardView => ({
    account: of,
    note: text('Keeps bees on the island, repairs clinker boats, and writes about both.'),
    buttons: [{ path: `/accounts/${of.id}/follow`, label: text('Follow'), name: text(`Follow ${of.handle}`), tone: 'primary' }],
    badges: [],
    ...over
  })

  const part = (over: Partial<ComposerPartView> = {}): ComposerPartView => ({
    number: 1,
    suffix: '',
    label: t('composer.text', { kind: 'new' }),
    rows: 4,
    text: okay,
    images: [],
    imagesError: undefined,
    imagesLeft: 4,
    mayRemove: false,
    ...over
  })

  const composerMore = (over: Partial<ComposerMoreView> = {}): ComposerMoreView => ({
    isOpen: false,
    language: undefined,
    poll: toPollFields(new Typed(), undefined, t),
    policies: toPolicyFields(new Typed(), undefined, undefined, t),
    sensitive: { isChecked: false, error: undefined },
    markdown: { isChecked: false, error: undefined },
    localOnly: { isChecked: false, error: undefined },
    schedule: { at: okay, hint: t('composer.scheduleHint', { zone: t.timeZone }) },
    ...over
  })

  const composer = (over: Partial<ComposerView> = {}): ComposerView => ({
    path: '/posts',
    kind: 'new',
    sends: over.kind ?? 'new',
    isOpen: false,
    error: undefined,
    parts: [part()],
    mayBeThread: true,
    mayAddPart: false,
    warning: okay,
    visibility: visibilityChoice('public', t),
    imageTypes: 'image/jpeg,image/png,image/webp,image/gif',
    more: composerMore(),
    quote: undefined,
    charactersMax: 5000,
    replyTo: undefined,
    idempotencyKey: 'k3y',
    ...over
  })

  const chrome = (
    path: string,
    title: string,
    reader: 'stranger' | 'person' | 'moderator' = 'person',
    over: Partial<ChromeView> = {}
  ): ChromeView => {
    const isIn = reader !== 'stranger'
    const facts = {
      unreadCount: 3,
      requestCount: 1,
      waitingCount: 2,
      isModerator: reader === 'moderator',
      isSignUpOpen: true,
      currentPath: path
    }
    return {
      language: t.language,
      direction: 'ltr',
      theme: 'auto',
      look: '',
      hasShortcuts: true,
      title: text(title),
      instanceName: text('Outer Skerries'),
      viewer: isIn ? people.ana : undefined,
      nav: toNavView({ ...facts, profilePath: isIn ? '/@ana' : undefined }, t),
      homePath: isIn ? '/home' : '/',
      csrf: 'c5rf',
      returnTo: path,
      notice: undefined,
      flash: undefined,
      alternateUrl: undefined,
      canonicalUrl: undefined,
      description: undefined,
      isIndexable: false,
      ...over
    }
  }

  return { t, text, time, people, media, html, post, card, part, composer, composerMore, chrome, timeline: timelineOf }

  function timelineOf() {
    const { ana, bo, chidi, dara, tide } = people
    const by = (of: AccountView, minutesAgo: number) => ({
      name: of.name,
      nameHtml: of.nameHtml,
      handle: of.handle,
      path: of.path,
      time: time(minutesAgo)
    })
    const tables = `<a href="https://example.org/a">${text('example.org/tide-tables/2026/november/outer-skerries')}</a>`
    return [
      post(bo, 4, html('Kettle on. Fog over the sound, and the ferry sounds its horn every two minutes.'), {
        isLocal: false,
        replyCount: 2,
        favouriteCount: 5
      }),
      post(tide, 31, `<p>${text('High water 15:42, 1.9 m. Low water 21:58, 0.4 m. The causeway is open until six.')}</p><p>${tables}</p>`, {
        linkCard: {
          url: 'https://example.org/a',
          host: text('example.org'),
          title: text('Tide tables of the outer skerries, November 2026'),
          description: text('High and low water for every day of the month, with the hours in which the causeway is open.'),
          picture: { url: '/media/shore.png', width: 640, height: 400 },
          isWide: true,
          credit: { nameHtml: chidi.nameHtml, handle: chidi.handle, path: chidi.path },
          isInTabs: false
        },
        boostedBy: by(chidi, 12),
        boostCount: 12,
        favouriteCount: 210,
        isBoosted: true,
        isFavourited: true
      }),
      post(ana, 66, html('Morning light on the outer rocks. The lichen is as yellow as the door of the boathouse.'), {
        media: [
          media('shore.png', 1200, 750, 'Grey rocks in a calm sea at sunrise, patches of yellow lichen on them, a red boathouse behind.')
        ],
        isOwn: true,
        isBookmarked: true,
        edited: time(40),
        historyPath: '/@ana/103/history',
        replyCount: 3,
        boostCount: 1,
        reactions: [
          { value: '🎉', emojiHtml: text('🎉'), count: 4, isOwn: true, path: undefined, name: text('🎉, 4 people') },
          { value: '👀', emojiHtml: text('👀'), count: 1, isOwn: false, path: undefined, name: text('👀, 1 person') }
        ],
        reactionsPath: '/@ana/103/reactions',
        reactionPicker: {
          path: '/posts/103/react',
          choices: [{ emoji: '👍', name: text('React with 👍') }],
          own: [],
          hasMore: false,
          typed: okay
        },
        actions: {
          ...post(ana, 1, '').actions!,
          more: [link(t('post.edit'), '/posts/103/edit'), { ...link(t('post.delete'), '/posts/103/delete'), isDanger: true }]
        }
      }),
      post(chidi, 130, html('They voted on the ferry times again, and it went as you would think.', 'I am not angry, only tired.'), {
        isLocal: false,
        warning: text('Local politics, mild despair'),
        visibility: 'unlisted',
        replyCount: 14
      }),
      post(dara, 60 * 26, `<p dir="rtl">${text('دریا امروز آرام است.')}</p>`, {
        isLocal: false,
        language: 'fa',
        visibility: 'followers',
        replyTo: { name: ana.name, nameHtml: ana.nameHtml, handle: ana.handle, path: '/@ana/90' }
      }),
      post(bo, 60 * 24 * 40, html('Two pictures from the harbour, before and after the storm.'), {
        isLocal: false,
        media: [media('boat.png', 800, 600, 'A sailing boat at anchor in a calm harbour.', 1, 2), media('storm.png', 800, 1000, '', 2, 2)]
      }),
      post(ana, 60 * 24 * 500, html('See you at the pier at seven?'), { visibility: 'direct', isOwn: true })
    ]
  }
}
