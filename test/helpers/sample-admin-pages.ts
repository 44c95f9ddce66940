import { sample, type SamplePage } from '#test/helpers/sample-pages.ts'
import { okay, type Samples } from '#test/helpers/samples.ts'

const noPages = { olderPath: undefined, newestPath: undefined }

/** Every page of the panel. */
export function sampleAdminPages(samples: Samples): SamplePage[] {
  const { text, people, time, post, html, chrome } = samples
  const { ana, bo, chidi } = people
  const places: Record<string, string[]> = {
    Dashboard: [],
    People: ['Reports', 'Sign-ups', 'Accounts', 'Invitations'],
    Network: ['Servers', 'New servers', 'Limits', 'Relays', 'Trace'],
    Instance: ['Queue', 'Retention', 'Audit log', 'Settings']
  }
  const adminTabs = (current: string) => {
    const tab = (label: string, isCurrent: boolean) => ({
      path: `/admin/${label.toLowerCase().replace(' ', '-')}`,
      label: text(label),
      isCurrent,
      count: label === 'Reports' || label === 'People' ? 2 : 0
    })
    const groups = Object.entries(places)
    const pages = groups.find(([, labels]) => labels.includes(current))?.[1] ?? []
    return {
      groups: groups.map(([label, labels]) => tab(label, label === current || labels.includes(current))),
      pages: pages.map((label) => tab(label, label === current))
    }
  }
  const option = (value: string, label: string, isSelected = false, hint?: string) => ({
    value,
    label: text(label),
    hint: hint && text(hint),
    isSelected
  })
  const choice = (...options: ReturnType<typeof option>[]) => ({ options, error: undefined })
  const frame = (path: string, title: string) => chrome(path, title, 'moderator')
  const row = (account: typeof ana, role: string, state: string, isBad = false, email?: string) => ({
    account,
    path: `/admin/accounts/${account.id}`,
    email: email && text(email),
    roleText: text(role),
    stateText: text(state),
    isBad,
    joined: time(60 * 24 * 30)
  })
  const audit = [
    {
      time: time(30),
      who: ana.handle,
      what: text('suspended @spam@bad.example'),
      targetPath: '/admin/accounts/9',
      reason: text('Forty advertisements in an hour.')
    },
    { time: time(3000), who: text('operator'), what: text('gave @ana the role owner'), targetPath: undefined, reason: undefined }
  ]
  const noted = { author: ana.handle, text: text('Wrote to the admin of that server.'), time: time(10) }

  return [
    sample('admin-dashboard', 'admin/dashboard', frame('/admin', 'Dashboard'), {
      adminTabs: adminTabs('Dashboard'),
      warnings: [
        { text: text('Mail goes to a file until SMTP_URL is set.'), path: '/admin/settings', tone: 'bad' },
        { text: text('The last backup is 9 days old.'), path: undefined, tone: 'plain' }
      ],
      waiting: [
        { label: text('Reports'), count: 2, path: '/admin/reports' },
        { label: text('Sign-ups'), count: 1, path: '/admin/sign-ups' },
        { label: text('Failed deliveries'), count: 0, path: '/admin/deliveries' }
      ],
      checklist: {
        doneCount: 2,
        dismissPath: '/admin/checklist',
        items: [
          {
            label: text('Reachable from outside'),
            text: text('https://skerry.example answers.'),
            state: 'done',
            stateText: text('Done'),
            path: undefined
          },
          {
            label: text('Mail'),
            text: text('Set SMTP_URL, then send a test mail.'),
            state: 'failed',
            stateText: text('Failed'),
            path: '/admin/settings'
          },
          {
            label: text('Rules'),
            text: text('Write down what holds here.'),
            state: 'open',
            stateText: text('To do'),
            path: '/admin/settings'
          }
        ]
      },
      examinePath: '/admin/examination',
      figures: [
        { label: text('People'), value: text('42'), note: text('5 active this week'), isBad: false },
        { label: text('Known servers'), value: text('1,204'), note: undefined, isBad: false },
        { label: text('Deliveries given up'), value: text('17'), note: text('in the last week'), isBad: true }
      ]
    }),
    sample('admin-accounts', 'admin/accounts', frame('/admin/accounts', 'Accounts'), {
      adminTabs: adminTabs('Accounts'),
      query: okay,
      state: choice(option('all', 'All', true), option('suspended', 'Suspended')),
      origin: choice(option('all', 'Everywhere', true), option('local', 'Here')),
      rows: [row(ana, 'Owner', 'Active', false, 'ana@mail.example'), row(bo, 'None', 'Active'), row(chidi, 'None', 'Suspended', true)],
      pager: { olderPath: '/admin/accounts?before=3', newestPath: undefined }
    }),
    sample('admin-accounts-none', 'admin/accounts', frame('/admin/accounts', 'Accounts'), {
      adminTabs: adminTabs('Accounts'),
      query: { value: text('zz'), error: undefined },
      state: choice(option('all', 'All', true)),
      origin: choice(option('all', 'Everywhere', true)),
      rows: [],
      pager: noPages
    }),
    sample('admin-account', 'admin/account', frame('/admin/accounts/2', 'Account'), {
      adminTabs: adminTabs('Accounts'),
      account: bo,
      error: undefined,
      links: [{ path: '/admin/domains?domain=harbour.example#limit', label: text('Limit harbour.example') }],
      stateText: text('Active'),
      isBad: false,
      facts: [
        { label: text('Server'), value: text('harbour.example') },
        { label: text('Posts'), value: text('1,204') },
        { label: text('First seen'), value: text('2 March 2026') }
      ],
      role: { path: '/r', choice: choice(option('none', 'None', true), option('moderator', 'Moderator')) },
      acts: [
        {
          path: '/s',
          id: 'suspension',
          label: text('Suspend'),
          explanation: text('Nobody sees the account or its posts here; it can be lifted.'),
          isDangerous: true,
          reason: { value: '', error: text('Please give a reason.') }
        },
        {
          path: '/q',
          id: 'silence',
          label: text('Silence'),
          explanation: text('Its posts leave the public timelines.'),
          isDangerous: false,
          reason: okay
        }
      ],
      buttons: [{ path: '/e', label: text('End all sessions'), name: undefined, tone: 'plain' as const }],
      reports: [{ path: '/admin/reports/3', text: text('Spam, by @ana'), time: time(500), stateText: text('Open') }],
      audit,
      posts: [post(bo, 4, html('Kettle on.'), { isLocal: false })]
    }),
    sample('admin-sign-ups', 'admin/sign-ups', frame('/admin/sign-ups', 'Sign-ups'), {
      adminTabs: adminTabs('Sign-ups'),
      error: undefined,
      signUps: [
        {
          account: chidi,
          email: text('chidi@mail.example'),
          isEmailConfirmed: true,
          reason: text('I moved here last spring and would like to meet people who sail.'),
          time: time(100),
          approvePath: '/y',
          rejectPath: '/n',
          rejection: okay,
          isRejecting: false
        },
        {
          account: bo,
          email: text('bo@mail.example'),
          isEmailConfirmed: false,
          reason: text('Boats.'),
          time: time(300),
          approvePath: '/y',
          rejectPath: '/n',
          rejection: { value: text('Too long'), error: text('At most 2,000 characters.') },
          isRejecting: true
        }
      ],
      pager: noPages
    }),
    sample('admin-sign-ups-none', 'admin/sign-ups', frame('/admin/sign-ups', 'Sign-ups'), {
      adminTabs: adminTabs('Sign-ups'),
      error: undefined,
      signUps: [],
      pager: noPages
    }),
    sample('admin-reports', 'admin/reports', frame('/admin/reports', 'Reports'), {
      adminTabs: adminTabs('Reports'),
      tabs: [
        { path: '/o', label: text('Open'), isCurrent: true },
        { path: '/c', label: text('Closed'), isCurrent: false }
      ],
      reports: [
        {
          path: '/admin/reports/3',
          account: bo,
          reporterText: ana.handle,
          categoryText: text('Spam'),
          comment: text('The same advertisement in every thread.'),
          postCount: 2,
          time: time(60),
          stateText: text('Open'),
          isOpen: true
        }
      ],
      pager: noPages
    }),
    sample('admin-reports-none', 'admin/reports', frame('/admin/reports', 'Reports'), {
      adminTabs: adminTabs('Reports'),
      tabs: [],
      reports: [],
      pager: noPages
    }),
    sample('admin-report', 'admin/report', frame('/admin/reports/3', 'Report'), {
      adminTabs: adminTabs('Reports'),
      id: '3',
      account: bo,
      accountPath: '/admin/accounts/2',
      reporterText: ana.handle,
      categoryText: text('Spam'),
      comment: text('The same advertisement in every thread.'),
      time: time(60),
      stateText: text('Open'),
      isOpen: true,
      assigneeText: ana.handle,
      posts: [
        {
          contentHtml: html('Buy my boat!'),
          warning: text('Advertisement'),
          time: time(80),
          pictures: [{ url: '/media/boat.png/preview', alt: text('A boat') }],
          path: '/@bo/1',
          isGone: false
        },
        {
          contentHtml: html('Buy my boat, really!'),
          warning: undefined,
          time: time(90),
          pictures: [{ url: undefined, alt: text('The same boat') }],
          path: undefined,
          isGone: true
        }
      ],
      notes: [noted],
      notePath: '/n',
      note: okay,
      buttons: [
        { path: '/c', label: text('Close report'), name: undefined, tone: 'primary' as const },
        { path: '/a', label: text('Assign to me'), name: undefined, tone: 'plain' as const }
      ],
      links: [{ path: '/admin/accounts/2', label: text('Act on the account') }]
    }),
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
    }),
    sample('admin-retention', 'admin/retention', frame('/admin/retention', 'Retention'), {
      adminTabs: adminTabs('Retention'),
      path: '/admin/retention',
      error: undefined,
      strangerPostDays: { value: '90', error: undefined },
      followedPostDays: { value: '3', error: text('Please give 0, or a whole number from 7 to 3,650.') },
      remotePostsMax: { value: '0', error: undefined },
      pictureDays: { value: '30', error: undefined },
      preview: {
        progress: text('Looked at 3,000 of about 10,000 posts.'),
        time: time(1),
        limits: [text('other posts 90 days')],
        posts: text('1,200 posts, 3 MB of text'),
        pictures: text('400 pictures, 92 MB'),
        samples: [{ label: ana.handle, path: '/@ana/1' }]
      },
      lastSweep: {
        progress: undefined,
        time: time(600),
        limits: [text('other posts 90 days')],
        posts: text('12 posts, 1 MB of text'),
        pictures: text('No pictures'),
        samples: []
      }
    }),
    sample('admin-retention-first', 'admin/retention', frame('/admin/retention', 'Retention'), {
      adminTabs: adminTabs('Retention'),
      path: '/admin/retention',
      error: undefined,
      strangerPostDays: { value: '90', error: undefined },
      followedPostDays: { value: '0', error: undefined },
      remotePostsMax: { value: '0', error: undefined },
      pictureDays: { value: '30', error: undefined },
      preview: undefined,
      lastSweep: undefined
    }),
    sample('admin-audit', 'admin/audit', frame('/admin/audit', 'Audit log'), {
      adminTabs: adminTabs('Audit log'),
      query: okay,
      act: choice(option('', 'All', true), option('account-suspended', 'Account suspended')),
      rows: audit,
      pager: noPages
    }),
    sample('admin-audit-none', 'admin/audit', frame('/admin/audit', 'Audit log'), {
      adminTabs: adminTabs('Audit log'),
      query: okay,
      act: choice(option('', 'All', true), option('account-suspended', 'Account suspended')),
      rows: [],
      pager: noPages
    }),
    sample('admin-settings', 'admin/settings', frame('/admin/settings', 'Settings'), {
      adminTabs: adminTabs('Settings'),
      path: '/admin/settings',
      error: undefined,
      name: { value: text('Outer Skerries'), error: undefined },
      description: okay,
      contactEmail: okay,
      signUp: choice(option('approval', 'By approval', true, 'You read each request'), option('open', 'Open')),
      rules: { value: text('Be kind.'), error: undefined },
      postCharactersMax: { value: '5000', error: undefined },
      timeZone: choice(option('Europe/Oslo', 'Europe/Oslo', true)),
      language: choice(option('en', 'English', true))
    }),
    sample('admin-invites', 'admin/invites', frame('/admin/invites', 'Invitations'), {
      adminTabs: adminTabs('Invitations'),
      path: '/admin/invites',
      error: undefined,
      isInUse: false,
      uses: { value: '0', error: text('Please give a whole number from 1 to 1,000.') },
      days: { value: '7', error: undefined },
      invites: [
        {
          url: text('https://skerry.example/sign-up?invite=dC1hbi1pbnZpdGF0aW9uLWNvZGUtMzI'),
          stateText: text('Open'),
          isOpen: true,
          makerText: ana.handle,
          usedCount: 2,
          usesLeft: 3,
          expires: time(-6000),
          time: time(100),
          revokePath: '/r'
        },
        {
          url: text('https://skerry.example/sign-up?invite=YW5vdGhlciBpbnZpdGF0aW9uIGNvZGUx'),
          stateText: text('Withdrawn'),
          isOpen: false,
          makerText: text('Operator'),
          usedCount: 0,
          usesLeft: 1,
          expires: undefined,
          time: time(9000),
          revokePath: undefined
        }
      ],
      pager: noPages
    }),
    sample('admin-queue', 'admin/queue', frame('/admin/queue', 'Queue'), {
      adminTabs: adminTabs('Queue'),
      lanes: [
        {
          label: text('Jobs, quick'),
          waiting: text('3'),
          running: text('1'),
          held: '',
          failed: text('0'),
          oldest: text('2 min ago'),
          isBad: false
        },
        {
          label: text('Deliveries'),
          waiting: text('1,204'),
          running: text('75'),
          held: text('300'),
          failed: text('17'),
          oldest: '',
          isBad: true
        }
      ],
      failed: [
        {
          id: '7',
          label: text('Delivery to harbour.example'),
          error: text('403: blocked'),
          attempts: 3,
          time: time(300),
          retryPath: '/r',
          retryName: text('Try again: Delivery to harbour.example')
        }
      ],
      hasMore: true,
      retryAllPath: '/r'
    }),
    sample('admin-queue-none', 'admin/queue', frame('/admin/queue', 'Queue'), {
      adminTabs: adminTabs('Queue'),
      lanes: [],
      failed: [],
      hasMore: false,
      retryAllPath: undefined
    })
  ]
}
