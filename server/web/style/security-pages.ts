import { sample, type SamplePage } from '#server/web/style/sample.ts'
import { settingsTabsOf } from '#server/web/views/settings-sections.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

/** What a dangerous form asks for: nothing, the password, or something else for whoever has none. */
export function sampleProof({ text }: Pick<Samples, 'text'>, kind: 'young' | 'password' | 'wrong' | 'passkey' = 'password') {
  return {
    isAsked: kind !== 'young',
    password: kind === 'wrong' || kind === 'passkey' ? { value: '', error: text('This is not your password.') } : okay,
    hasPassword: kind !== 'passkey',
    otherPath: kind === 'young' ? undefined : '/settings/proof?next=%2Fsettings%2Fsecurity',
    otherLabel: text('Use a passkey instead')
  }
}

/** Pages about signing in and what keeps others from doing it. */
export function sampleSecurityPages(samples: Samples): SamplePage[] {
  const { t, text, chrome } = samples
  const tabs = settingsTabsOf('security', t)
  const ask = { path: '/sign-in/passkey', optionsPath: '/sign-in/passkey/options' }
  const codes = ['abcd-efgh-jkmn-pqrs', 'tuvw-xyz2-3456-789a', 'bcde-fghj-kmnp-qrst', 'uvwx-yz23-4567-89ab']
  const part = { buttons: [], links: [], hasList: false, isOn: false }
  const change = {
    tabs,
    heading: text('Remove your password'),
    consequences: [text('Passkeys become the only way in.'), text('All other sessions end.')],
    path: '/settings/security/password-removal',
    error: undefined,
    code: undefined,
    codeLabel: t('codeApp.codeOrRecovery'),
    name: undefined,
    nameLabel: '',
    proof: sampleProof(samples),
    label: text('Remove password'),
    isDangerous: true,
    cancelPath: '/settings/security',
    backLabel: t('settings.security'),
    links: [],
    isPossible: true
  }
  return [
    sample('sign-in-step', 'sign-in-step', chrome('/sign-in/step', 'One more step', 'stranger'), {
      isRecovery: false,
      code: { path: '/sign-in/step', field: { value: '', error: text('This code is not right.') } },
      passkey: ask,
      error: undefined,
      otherLink: { path: '/sign-in/step/recovery', label: text('Use a recovery code') },
      backPath: '/sign-in'
    }),
    sample('sign-in-step-recovery', 'sign-in-step', chrome('/sign-in/step/recovery', 'One more step', 'stranger'), {
      isRecovery: true,
      code: { path: '/sign-in/step/recovery', field: okay },
      passkey: undefined,
      error: text('Too many attempts.'),
      otherLink: { path: '/sign-in/step', label: text('Use a code from your app') },
      backPath: '/sign-in'
    }),
    sample('sign-in-recovery', 'sign-in-recovery', chrome('/sign-in/recovery', 'Recovery', 'stranger'), {
      path: '/sign-in/recovery',
      error: text('That name and recovery code do not fit together.'),
      login: { value: text('ana'), error: undefined },
      code: okay
    }),
    sample('settings-security', 'settings-security', chrome('/settings/security', 'Security'), {
      tabs,
      warnings: [text('Only 2 recovery codes are left. Make new ones soon.')],
      parts: [
        {
          ...part,
          id: 'code-app',
          heading: text('Codes from an app'),
          stateText: text('Off'),
          lead: text('After your password, sign-in also asks for a code.'),
          buttons: [{ path: '/start', label: text('Set up codes'), name: undefined, tone: 'primary' }]
        },
        {
          ...part,
          id: 'recovery',
          heading: text('Recovery codes'),
          stateText: text('2 codes left'),
          isOn: true,
          lead: text('For the day your phone is gone.'),
          links: [{ path: '/codes', label: text('Make new recovery codes') }]
        },
        {
          ...part,
          id: 'passkeys',
          heading: text('Passkeys'),
          stateText: text('2 passkeys'),
          isOn: true,
          lead: text('A passkey signs you in with your fingerprint.'),
          links: [{ path: '/asked', label: text('Ask for a passkey after the password') }],
          hasList: true
        }
      ],
      passkeys: ['Phone', 'Blue key'].map((name, at) => ({
        name: text(name),
        text: text('added 3 May 2026 · never used · on one device'),
        path: `/settings/security/passkeys/${at}`,
        label: text(`Change passkey ${name}`)
      })),
      addPath: '/settings/security/passkeys/new',
      isFull: false
    }),
    sample('settings-security-change', 'settings-security-change', chrome('/settings/security/password-removal', 'Remove'), change),
    sample('settings-deletion', 'settings-security-change', chrome('/settings/account/deletion', 'Delete account'), {
      ...change,
      heading: text('Delete account'),
      error: text('You are the only owner of this instance.'),
      name: { value: text('anna'), error: text('Please type the name of this account, @ana.') },
      nameLabel: text('Type @ana to say that you mean it'),
      code: okay,
      proof: sampleProof(samples, 'passkey'),
      links: [{ path: '/settings/moving', label: text('Move your followers first') }]
    }),
    sample('settings-code-app', 'settings-code-app', chrome('/settings/security/code-app', 'Set up codes'), {
      tabs,
      path: '/settings/security/code-app',
      error: undefined,
      pictureUrl: '/settings/security/code-app/picture',
      pictureSize: 224,
      secretText: text('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP'),
      uri: 'otpauth://totp/Skerry:ana?secret=JBSWY3DPEHPK3PXP',
      code: { value: '', error: text('This code is not right.') },
      proof: sampleProof(samples, 'wrong'),
      cancelPath: '/settings/security'
    }),
    sample('settings-recovery-codes', 'settings-recovery-codes', chrome('/settings/security/recovery-codes', 'Codes'), {
      tabs,
      codes: codes.map(text),
      filePath: '/settings/security/recovery-codes/file',
      donePath: '/settings/security'
    }),
    sample('settings-passkey-new', 'settings-passkey-new', chrome('/settings/security/passkeys/new', 'Add a passkey'), {
      tabs,
      ask,
      error: text('This passkey was not accepted.'),
      name: okay,
      proof: sampleProof(samples, 'young'),
      cancelPath: '/settings/security'
    }),
    sample('settings-passkey', 'settings-passkey', chrome('/settings/security/passkeys/1', 'Phone'), {
      tabs,
      heading: text('Phone'),
      facts: [{ label: text('Added'), value: text('3 May 2026') }],
      namePath: '/name',
      name: { value: text('Phone'), error: undefined },
      nameError: undefined,
      removePath: '/removal',
      removeError: text('This passkey stays for now.'),
      proof: sampleProof(samples),
      cancelPath: '/settings/security'
    }),
    sample('settings-proof', 'settings-proof', chrome('/settings/proof', 'Is it you?'), {
      password: { path: '/settings/proof', field: okay },
      passkey: ask,
      code: undefined,
      error: text('This took too long.'),
      hidden: [{ name: 'next', value: '/settings/security' }]
    }),
    sample('settings-proof-code', 'settings-proof', chrome('/settings/proof', 'Is it you?'), {
      password: undefined,
      passkey: undefined,
      code: { path: '/settings/proof/code', field: okay },
      error: undefined,
      hidden: []
    })
  ]
}
