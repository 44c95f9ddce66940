import { sample, type SamplePage } from '#server/web/style/sample.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'

const suffix = '@skerry.example'

/** The pages before one is in, with and without errors. */
export function sampleEntryPages(samples: Samples): SamplePage[] {
  const { text, people, card, chrome, html } = samples
  const { ana } = people
  const wrong = (value: string, error: string) => ({ value: text(value), error: text(error) })
  const check = (isChecked: boolean) => ({ isChecked, error: undefined })
  const rules = ['Be kind. Argue with the argument.', 'No advertising.', 'Warn before pictures of spiders.'].map(text)
  const signUp = {
    path: '/sign-up',
    mode: 'approval' as const,
    error: undefined,
    name: okay,
    handleSuffix: text(suffix),
    email: okay,
    password: okay,
    asksReason: true,
    reason: okay,
    asksInviteCode: false,
    inviteCode: okay,
    rules,
    consent: check(false),
    passwordCharactersMin: 10
  }
  const passkey = { path: '/sign-in/passkey', optionsPath: '/sign-in/passkey/options' }

  return [
    sample('sign-in', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), {
      path: '/sign-in',
      error: undefined,
      notice: undefined,
      login: okay,
      password: okay,
      forgottenPath: '/password/forgotten',
      signUpPath: '/sign-up',
      passkey,
      recoveryPath: '/sign-in/recovery'
    }),
    sample('sign-in-error', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), {
      path: '/sign-in',
      error: text('Name or password is wrong.'),
      notice: text('You are signed in as @ana. Whoever signs in here now takes that place in this browser.'),
      login: { value: text('ana'), error: undefined },
      password: okay,
      forgottenPath: '/password/forgotten',
      signUpPath: undefined,
      passkey,
      recoveryPath: '/sign-in/recovery'
    }),
    sample('sign-up', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), signUp),
    sample('sign-up-error', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), {
      ...signUp,
      mode: 'invite',
      asksInviteCode: true,
      asksReason: false,
      name: wrong('ana', 'This name is taken.'),
      password: { value: '', error: text('The password is too short.') },
      consent: { isChecked: false, error: text('Please agree to the rules.') }
    }),
    sample('owner', 'owner', chrome('/owner', 'Owner', 'stranger'), {
      path: '/owner',
      error: undefined,
      name: okay,
      handleSuffix: text(suffix),
      email: okay,
      password: okay,
      passwordCharactersMin: 10
    }),
    sample('password-forgotten', 'password-forgotten', chrome('/password', 'Password', 'stranger'), {
      path: '/password',
      error: undefined,
      email: okay
    }),
    sample('password-new', 'password-new', chrome('/password', 'Password', 'stranger'), {
      path: '/password',
      error: undefined,
      password: okay,
      passwordCharactersMin: 10
    }),
    sample('about', 'about', chrome('/about', 'About', 'stranger'), {
      instanceName: text('Outer Skerries'),
      descriptionHtml: html('A small island in the fediverse.'),
      rules,
      contactEmail: text('hello@skerry.example'),
      staff: [card(ana, { buttons: [], badges: [text('Owner')] })],
      userCount: 42,
      postCount: 12345,
      version: text('0.1.0'),
      sourceUrl: text('https://example.org/skerry'),
      signUpText: text('By approval')
    })
  ]
}
