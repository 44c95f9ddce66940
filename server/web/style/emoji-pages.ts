import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** Custom emoji: for everybody to look up, and in the panel. */
export function sampleEmojiPages(samples: Samples): SamplePage[] {
  const { chrome, text } = samples
  const { adminTabs, frame, check, wrong } = sampleAdmin(samples)
  const tab = (path: string, label: string, isCurrent = false) => ({ path, label: text(label), isCurrent })
  const picture = (code: string) =>
    `<img class="emoji" src="/static/favicon.svg" alt="${text(`:${code}:`)}" title="${text(`:${code}:`)}" width="20" height="20" loading="lazy" decoding="async">`
  const places = (isForeign: boolean) => [tab('/admin/emoji', 'Of this server', !isForeign), tab('/e', 'Emoji of other servers', isForeign)]
  const row = (code: string, over: { text: string; states?: string[]; isBlocked?: boolean }) => ({
    anchor: `emoji-${code}`,
    emojiHtml: over.isBlocked ? '' : picture(code),
    code: text(`:${code}:`),
    text: text(over.text),
    states: (over.states ?? []).map(text),
    path: `/admin/emoji/${code}`,
    pathLabel: text('Change'),
    pathName: text(`Change :${code}:`),
    button: { path: '/o', label: text('Switch off'), name: text(`Switch off :${code}:`), tone: 'plain' as const }
  })
  const form = {
    path: '/admin/emoji',
    error: undefined,
    image: { error: text('This picture is larger than 256 KB.'), types: 'image/png,image/gif' },
    shortcode: wrong('grey seal', 'Use letters from a to z, digits and underscores only.'),
    category: okay,
    alt: { value: text('A grey seal on a rock'), error: undefined },
    isHidden: check(false),
    isOpen: true
  }
  const list = {
    searchPath: '/admin/emoji',
    query: okay,
    searchHint: text('Part of a code.'),
    emptyText: text('There are none yet.'),
    pager: noPages
  }
  const group = (heading: string, codes: string[]) => ({
    heading: text(heading),
    emojis: codes.map((code, at) => ({
      emojiHtml: picture(code),
      code: text(`:${code}:`),
      alt: at === 0 ? text('A grey seal on a rock') : ''
    }))
  })
  return [
    sample('emoji', 'emoji', chrome('/emoji', 'Emoji of this server', 'person'), {
      tabs: [tab('/emoji', 'All', true), tab('/emoji?category=Sea', 'Sea')],
      groups: [
        group('Sea', ['seal', 'lichen', 'a_code_as_long_as_people_make_them_when_nobody_tells_them_to_stop']),
        group('Land', ['sheep'])
      ],
      emptyText: undefined,
      pager: noPages
    }),
    sample('emoji-none', 'emoji', chrome('/emoji', 'Emoji of this server', 'stranger'), {
      tabs: [],
      groups: [],
      emptyText: text('This server has no emoji of its own yet.'),
      pager: noPages
    }),
    sample('admin-emoji', 'admin/emoji', frame('/admin/emoji', 'Emoji of this server'), {
      ...list,
      adminTabs: adminTabs('Emoji'),
      places: places(false),
      tabs: [tab('/admin/emoji', 'All', true), tab('/admin/emoji?category=Sea', 'Sea')],
      rows: [
        row('seal', { text: 'Sea · 12 posts, 4 reactions', states: ['Moves'] }),
        row('old_boat', { text: 'Without a category · 1 post, 0 reactions · from other.example', states: ['Switched off', 'Not offered'] })
      ],
      form,
      isForeign: false
    }),
    sample('admin-emoji-elsewhere', 'admin/emoji', frame('/admin/emoji/elsewhere', 'Emoji of other servers'), {
      ...list,
      adminTabs: adminTabs('Emoji'),
      places: places(true),
      tabs: [tab('/e', 'All', true), tab('/b', 'Blocked')],
      rows: [row('blob', { text: 'other.example' }), row('loud', { text: 'noise.example', states: ['Blocked'], isBlocked: true })],
      form: undefined,
      isForeign: true
    }),
    sample('admin-emoji-one', 'admin/emoji-one', frame('/admin/emoji/1', ':seal:'), {
      adminTabs: adminTabs('Emoji'),
      heading: text(':seal:'),
      backPath: '/admin/emoji',
      backLabel: text('Emoji of this server'),
      row: row('seal', { text: 'Sea · 12 posts, 4 reactions' }),
      form: { ...form, image: undefined, shortcode: undefined },
      submit: text('Save'),
      note: text('Code and picture stay as they are.'),
      removePath: '/r'
    })
  ]
}
