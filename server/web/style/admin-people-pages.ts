import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** The panel: people, sign-ups and reports. */
export function sampleAdminPeoplePages(samples: Samples): SamplePage[] {
  const { text, people, time, post, html } = samples
  const { ana, bo, chidi } = people
  const { adminTabs, frame, option, choice } = sampleAdmin(samples)
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
      report: { id: '3', path: '/admin/reports/3' },
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
          rejectionId: 'reject-1',
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
          rejectionId: 'reject-2',
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
          time: time(60)
        },
        {
          path: '/admin/reports/2',
          account: chidi,
          reporterText: text('a-rather-long-name-of-another-server.harbour.example'),
          categoryText: text('Breaks a rule'),
          comment: text('They write to everybody who mentions the ferry, twenty times a day, and will not stop when asked. '.repeat(3)),
          postCount: 0,
          time: time(60 * 30)
        }
      ],
      pager: { olderPath: '/admin/reports?before=2', newestPath: undefined }
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
      forwardedTo: text('far.example'),
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
      links: [{ path: '/admin/accounts/2', label: text('Act on the account') }],
      next: { path: '/admin/reports/2', isPrimary: false }
    })
  ]
}
