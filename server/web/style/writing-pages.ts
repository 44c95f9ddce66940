import { sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleFields } from '#server/web/style/fields.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** The pages one writes on, and those that only say something. */
export function sampleWritingPages(samples: Samples): SamplePage[] {
  const { t, text, people, card, composer, part, chrome, html, time, timeline } = samples
  const { ana, bo } = people
  const posts = timeline()
  const { option, choice, check, wrong, image } = sampleFields(samples)
  const confirm = {
    heading: text('Delete this post?'),
    consequences: [text('It disappears here at once, and other servers are asked to delete it.'), text('Replies stay.')],
    path: '/posts/103/deletion',
    label: text('Delete post'),
    isDangerous: true,
    cancelPath: '/@ana/103',
    hidden: [{ name: 'returnTo', value: '/home' }]
  }

  const report = {
    path: '/report',
    error: undefined,
    account: bo,
    open: undefined,
    posts: [{ id: '101', text: text('Kettle on. Fog over the sound.'), time: time(4), isChecked: true }],
    category: choice(
      option('spam', 'Spam', true, 'Unwanted advertising, or the same thing over and over'),
      option('illegal', 'Illegal content'),
      option('rules', 'Breaks a rule of this instance'),
      option('other', 'Something else')
    ),
    comment: okay,
    commentCharactersMax: 1000,
    host: text('harbour.example'),
    forward: check(false),
    cancelPath: '/home'
  }

  return [
    sample('compose', 'compose', chrome('/posts/120/reply', 'Reply'), {
      heading: text('Reply'),
      post: posts[0],
      composer: composer({ kind: 'reply', isOpen: true, parts: [part({ text: { value: text('I think so too.'), error: undefined } })] }),
      cancelPath: '/home',
      deletePath: undefined
    }),
    sample('post-edit', 'compose', chrome('/@ana/103/edit', 'Edit'), {
      heading: text('Edit post'),
      post: undefined,
      composer: composer({
        kind: 'edit',
        path: '/e',
        visibility: undefined,
        parts: [part({ text: { value: text('Morning light.'), error: undefined }, imagesLeft: 0 })],
        mayBeThread: false
      }),
      cancelPath: '/@ana/103',
      deletePath: undefined
    }),
    sample('post-images', 'post-images', chrome('/posts', 'Describe your images'), {
      path: '/posts',
      error: text('One description is too long.'),
      idempotencyKey: 'k3y',
      sends: 'new',
      text: text('Two pictures from the harbour.'),
      images: [image(1, 'boat.png'), { ...image(2, 'storm.png'), alt: wrong('A storm', 'At most 1,500 characters.') }],
      altCharactersMax: 1500,
      cancelPath: '/home'
    }),
    sample('post-history', 'post-history', chrome('/@ana/103/history', 'History'), {
      heading: text('Edits of this post'),
      postPath: '/@ana/103',
      author: ana,
      revisions: [
        {
          time: time(40),
          isOriginal: false,
          isCurrent: true,
          warningHtml: text('Bright colours'),
          contentHtml: html('Morning light on the outer rocks.'),
          options: [{ textHtml: text('At dawn') }, { textHtml: text('At dusk') }],
          media: []
        },
        {
          time: time(66),
          isOriginal: true,
          isCurrent: false,
          warningHtml: undefined,
          contentHtml: html('Morning ligt on the rocks.'),
          options: [],
          media: []
        }
      ]
    }),
    sample('confirm-delete', 'confirm', chrome('/@ana/103/delete', 'Delete'), {
      ...confirm,
      quoted: undefined,
      post: { ...posts[2]!, actions: undefined },
      account: undefined
    }),
    sample('confirm-block', 'confirm', chrome('/block', 'Block'), {
      ...confirm,
      heading: text('Block @bo@harbour.example?'),
      label: text('Block'),
      isDangerous: false,
      quoted: undefined,
      post: undefined,
      account: card(bo, { buttons: [] })
    }),
    sample('report', 'report', chrome('/report', 'Report'), report),
    sample('report-open', 'report', chrome('/report', 'Report'), {
      ...report,
      error: t('form.hasErrors'),
      open: { text: t('report.open', { time: time(4000).text, copy: 'mayGo', host: 'far.example' }) },
      category: { options: report.category.options.map((each) => ({ ...each, isSelected: false })), error: t('report.chooseCategory') }
    }),
    sample('message', 'message', chrome('/sign-up', 'Check your mail', 'stranger'), {
      heading: text('Check your mail'),
      paragraphs: [text('We sent a link to ana@mail.example. It holds for a day.')],
      links: [{ path: '/', label: text('Back') }],
      buttons: [{ path: '/again', label: text('Send again'), name: undefined, tone: 'plain' as const }]
    }),
    sample('error', 'error', chrome('/nowhere', 'Not found', 'stranger'), {
      status: 404,
      heading: text('Nothing here'),
      text: text('The page is gone, or it never was, or it is not for you to see.'),
      requestId: text('req-17'),
      links: [{ path: '/home', label: text('To your home') }]
    })
  ]
}
