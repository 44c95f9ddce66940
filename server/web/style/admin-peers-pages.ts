import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** The panel: other servers. */
export function sampleAdminPeersPages(samples: Samples): SamplePage[] {
  const { text, time } = samples
  const { adminTabs, frame, option, choice } = sampleAdmin(samples)

  return [
    sample('admin-domains', 'admin/domains', frame('/admin/domains', 'Domains'), {
      adminTabs: adminTabs('Limits'),
      path: '/admin/domains',
      error: undefined,
      domain: { value: text('spam'), error: text('This is not a domain.') },
      severity: choice(
        option('silence', 'Silence', true, 'Its posts leave the public timelines'),
        option('suspend', 'Suspend', false, 'Nothing is sent there or taken from there')
      ),
      reason: okay,
      query: okay,
      blocks: [
        {
          changePath: '/admin/domains?domain=bad.example#limit',
          domain: text('bad.example'),
          severityText: text('Suspended'),
          reason: text('Advertisements.'),
          time: time(6000),
          accountCount: 12,
          liftPath: '/l'
        }
      ],
      pager: noPages
    }),
    sample('admin-domains-none', 'admin/domains', frame('/admin/domains', 'Domains'), {
      adminTabs: adminTabs('Limits'),
      path: '/admin/domains',
      error: text('Something is wrong.'),
      domain: okay,
      severity: choice(option('silence', 'Silence', true)),
      reason: okay,
      query: okay,
      blocks: [],
      pager: noPages
    }),
    sample('admin-peers', 'admin/peers', frame('/admin/peers', 'Servers'), {
      adminTabs: adminTabs('Servers'),
      query: okay,
      state: choice(option('all', 'All', true), option('failing', 'Failing')),
      peers: [
        {
          host: text('far.example'),
          path: '/p',
          software: text('mastodon 4.6.0'),
          text: text('3 people known'),
          trouble: undefined,
          lastText: text('2 h')
        },
        {
          host: text('down.example'),
          path: '/q',
          software: text('software unknown'),
          text: text('1 person known'),
          trouble: text('First failed 3 d ago'),
          lastText: text('3 d')
        }
      ],
      pager: noPages
    }),
    sample('admin-peer', 'admin/peer', frame('/admin/peers', 'down.example'), {
      adminTabs: adminTabs('Servers'),
      host: text('down.example'),
      figures: [
        { label: text('Software'), value: text('mastodon 4.6.0') },
        { label: text('People known'), value: '1,203' }
      ],
      trouble: text('First failed 3 d ago'),
      lastError: text('connect ECONNREFUSED'),
      limitText: text('Silenced'),
      tryPath: '/t',
      dropPath: '/d',
      limitPath: '/l',
      whyPath: '/w',
      dead: [{ label: text('https://skerry.example/@ana/1#create'), error: text('answered 400'), attempts: 3, time: time(100) }],
      refusals: [
        {
          text: text('Answered 401 to https://down.example/u/z, 4 times'),
          why: text('No key of the actor fits the signature.'),
          time: time(3)
        }
      ]
    }),
    sample('admin-peers-none', 'admin/peers', frame('/admin/peers', 'Servers'), {
      adminTabs: adminTabs('Servers'),
      query: { value: text('zz'), error: undefined },
      state: choice(option('all', 'All', true)),
      peers: [],
      pager: noPages
    }),
    sample('admin-peer-well', 'admin/peer', frame('/admin/peers', 'far.example'), {
      adminTabs: adminTabs('Servers'),
      host: text('far.example'),
      figures: [{ label: text('Software'), value: text('software unknown') }],
      trouble: undefined,
      lastError: undefined,
      limitText: undefined,
      tryPath: '/t',
      dropPath: undefined,
      limitPath: '/l',
      whyPath: '/w',
      dead: [],
      refusals: []
    }),
    sample('admin-why-blank', 'admin/why', frame('/admin/why', 'Why did this not arrive?'), {
      adminTabs: adminTabs('Trace'),
      input: { value: '', error: text('Please fill this in.') },
      person: okay,
      steps: undefined
    }),
    sample('admin-why', 'admin/why', frame('/admin/why', 'Why did this not arrive?'), {
      adminTabs: adminTabs('Trace'),
      input: { value: 'https://far.example/1', error: undefined },
      person: okay,
      steps: [
        {
          state: 'done' as const,
          part: text('Limits'),
          text: text('No limit is set on far.example.'),
          error: undefined,
          isBad: false,
          toneText: text('fine')
        },
        {
          state: 'failed' as const,
          part: text('Signature'),
          text: text('Answered 401 to https://far.example/u/z, once'),
          error: text('No key fits.'),
          isBad: true,
          toneText: text('stops it')
        }
      ]
    }),
    sample('admin-first-contact', 'admin/first-contact', frame('/admin/first-contact', 'New servers'), {
      adminTabs: adminTabs('New servers'),
      path: '/admin/first-contact',
      error: undefined,
      form: {
        mode: choice(option('off', 'It is taken in like anything else', true), option('hold', 'Everything is held back')),
        days: { value: '7', error: undefined },
        newHostsPerHour: { value: '0', error: text('Please give a whole number from 1 to 10,000.') }
      },
      strangers: [
        {
          host: text('new.example'),
          time: time(100),
          text: text('3 people known, 12 activities held back'),
          trustPath: '/t',
          trustName: text('Trust new.example'),
          dropPath: '/d',
          dropName: text('Drop what is held back from new.example'),
          limitPath: '/admin/domains?domain=new.example#limit'
        }
      ],
      hasMore: true
    }),
    sample('admin-first-contact-none', 'admin/first-contact', frame('/admin/first-contact', 'New servers'), {
      adminTabs: adminTabs('New servers'),
      path: '/admin/first-contact',
      error: undefined,
      form: undefined,
      strangers: [],
      hasMore: false
    }),
    sample('admin-relays', 'admin/relays', frame('/admin/relays', 'Relays'), {
      adminTabs: adminTabs('Relays'),
      path: '/admin/relays',
      error: undefined,
      url: { value: text('ftp://relay.example'), error: text('This is not a web address.') },
      relays: [
        {
          address: text('https://relay.example/inbox'),
          kindText: text('Mastodon style'),
          stateText: text('Accepted'),
          isGood: true,
          isBad: false,
          added: time(60 * 24 * 30),
          heard: time(2),
          fetchesText: text('412 posts fetched this hour, of 1,000 at most'),
          errorText: undefined,
          removePath: '/admin/relays/1/removal',
          removeName: text('Unsubscribe from https://relay.example/inbox')
        },
        {
          address: text('https://lists.harbour.example/actor'),
          kindText: text('LitePub style'),
          stateText: text('Refused'),
          isGood: false,
          isBad: true,
          added: time(300),
          heard: undefined,
          fetchesText: undefined,
          errorText: text('Not reached: timeout: no answer within 10 s'),
          removePath: '/admin/relays/2/removal',
          removeName: text('Unsubscribe from https://lists.harbour.example/actor')
        }
      ]
    }),
    sample('admin-relays-none', 'admin/relays', frame('/admin/relays', 'Relays'), {
      adminTabs: adminTabs('Relays'),
      path: '/admin/relays',
      error: undefined,
      url: okay,
      relays: []
    })
  ]
}
