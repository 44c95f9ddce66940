import { noPages, sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** The panel: what is kept, who did what, settings and the queue. */
export function sampleAdminCarePages(samples: Samples): SamplePage[] {
  const { text, people, time } = samples
  const { ana } = people
  const { adminTabs, frame, option, choice } = sampleAdmin(samples)
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

  return [
    sample('admin-retention', 'admin/retention', frame('/admin/retention', 'Retention'), {
      adminTabs: adminTabs('Retention'),
      path: '/admin/retention',
      error: undefined,
      strangerPostDays: { value: '90', error: undefined },
      followedPostDays: { value: '3', error: text('Please give 0, or a whole number from 7 to 3,650.') },
      remotePostsMax: { value: '0', error: undefined },
      pictureDays: { value: '30', error: undefined },
      strangerAccountDays: { value: '180', error: undefined },
      preview: {
        progress: text('Looked at 3,000 of about 10,000 posts.'),
        time: time(1),
        limits: [text('other posts 90 days')],
        posts: text('1,200 posts, 3 MB of text'),
        pictures: text('400 pictures, 92 MB'),
        accounts: text('90 accounts'),
        samples: [{ label: ana.handle, path: '/@ana/1' }]
      },
      lastSweep: {
        progress: undefined,
        time: time(600),
        limits: [text('other posts 90 days')],
        posts: text('12 posts, 1 MB of text'),
        pictures: text('No pictures'),
        accounts: text('no accounts'),
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
      strangerAccountDays: { value: '180', error: undefined },
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
      linkPreviews: { isChecked: true, error: undefined },
      sourceUrl: { value: text('git@code.example:skerry'), error: text('Please give a web address.') },
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
