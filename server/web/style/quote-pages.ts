import { Typed } from '#server/web/typed.ts'
import { toPolicyFields } from '#server/web/views/policy-fields.ts'
import { languageChoice } from '#server/web/views/language-choice.ts'
import { visibilityChoice } from '#server/web/views/visibility-view.ts'
import { plainPage, plainTimeline, sample, type SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** Pages with quotes, and with what waits for somebody's approval. */
export function sampleQuotePages(samples: Samples): SamplePage[] {
  const { t, text, people, post, html, time, chrome, composer, composerMore } = samples
  const { ana, bo, chidi } = people
  const card = {
    path: '/@bo@harbour.example/98',
    author: bo,
    time: time(240),
    contentHtml: html('The old light at Utvær burned whale oil until 1895.'),
    language: 'en',
    warning: undefined,
    mediaText: text('With 2 images'),
    mark: undefined
  }
  const quoting = post(ana, 12, html('This is why I keep the glass clean.'), { quote: { card, text: undefined, url: undefined } })
  const unasked = post(chidi, 30, html('Look at this.'), {
    quote: {
      card: { ...card, warning: text('fire'), mediaText: undefined, mark: text('Quoted without asking.') },
      text: undefined,
      url: undefined
    }
  })
  const pending = post(ana, 8, html('Waiting for a word.'), {
    quote: { card: undefined, text: text('This quote waits for the consent of its author.'), url: 'https://harbour.example/98' },
    notice: text('Waits for approval by Bo Okafor.')
  })
  const revoked = post(bo, 40, html('Gone again.'), { quote: { card: undefined, text: text('Its author withdrew it.'), url: undefined } })
  const button = (label: string, tone: 'primary' | 'plain') => ({
    path: '/approvals/1/x',
    label: text(label),
    name: text(`${label} @bo`),
    tone
  })
  const pager = { olderPath: undefined, newestPath: undefined }
  const tabs = [
    { path: '/notifications', label: text('All'), isCurrent: false },
    { path: '/approvals', label: text('Approvals'), isCurrent: true }
  ]
  return [
    sample('quotes', 'timeline', chrome('/local', 'Quotes'), {
      ...plainPage,
      heading: text('Local'),
      lead: undefined,
      tabs: [],
      timeline: { ...plainTimeline, posts: [quoting, unasked, pending, revoked], pager, emptyText: '' }
    }),
    sample('approvals', 'approvals', chrome('/approvals', 'Approvals'), {
      tabs,
      requests: (['quote', 'reply', 'like', 'announce'] as const).map((kind, at) => ({
        id: String(at),
        kind,
        icon: ({ quote: 'quote', reply: 'reply', like: 'favourite', announce: 'boost' } as const)[kind],
        account: bo,
        time: time(at * 7),
        target: { path: '/@ana/103', text: text('Low tide at noon, bring boots.') },
        post: at < 2 ? post(bo, at * 7, html('May I?')) : undefined,
        buttons: [button('Approve', 'primary'), button('Refuse', 'plain')]
      })),
      pager
    }),
    sample('approvals-empty', 'approvals', chrome('/approvals', 'Approvals'), { tabs, requests: [], pager }),
    sample('compose-quote', 'compose', chrome('/posts?quote=98', 'Quote a post'), {
      heading: text('Quote a post'),
      post: undefined,
      composer: composer({
        isOpen: true,
        quote: {
          id: '98',
          name: text('Bo Okafor'),
          path: '/@bo@harbour.example/98',
          text: text('The old light at Utvær burned whale oil.')
        },
        more: composerMore({ isOpen: true, policies: { ...toPolicyFields(new Typed(), undefined, undefined, t), isOpen: true } })
      }),
      cancelPath: '/home',
      deletePath: undefined
    }),
    sample('settings-posting', 'settings-posting', chrome('/settings/posting', 'Posting'), {
      tabs: [],
      path: '/settings/posting',
      error: undefined,
      visibility: visibilityChoice('public', t),
      language: languageChoice('en', t),
      sensitive: { isChecked: false, error: undefined },
      markdown: { isChecked: true, error: undefined },
      policies: toPolicyFields(new Typed(), undefined, undefined, t, ['canQuote', 'canReply']).fields
    })
  ]
}
