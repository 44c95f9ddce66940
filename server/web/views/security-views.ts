import type { ButtonView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { SettingsTabs } from '#server/web/views/settings-views.ts'

/** What a dangerous form asks for besides: nothing while the last proof is young. */
export interface ProofView {
  isAsked: boolean
  /** The password's field; its error is also said when there is no password. */
  password: InputView
  hasPassword: boolean
  /** The page that takes a passkey (or a code) instead, and brings back here; undefined when there is none. */
  otherPath: string | undefined
  otherLabel: string
}

/** Where the browser asks what to sign, and where its answer goes. */
export interface PasskeyAskView {
  path: string
  optionsPath: string
}

/** How one signs in: what is on, and the ways to change it. */
export interface SettingsSecurityView extends SettingsTabs {
  /** Warnings, such as that no recovery codes are left. */
  warnings: string[]
  parts: SecurityPartView[]
  passkeys: { name: string; text: string; path: string; label: string }[]
  addPath: string | undefined
  isFull: boolean
}

/** One way to sign in: what it is, how it stands, and what can be done. */
export interface SecurityPartView {
  id: 'code-app' | 'recovery' | 'passkeys' | 'password'
  heading: string
  stateText: string
  isOn: boolean
  lead: string
  /** At most one is a button, and it changes nothing dangerous; the rest are links to pages that ask. */
  buttons: ButtonView[]
  links: LinkView[]
  /** Whether the list of passkeys stands below. */
  hasList: boolean
}

/** Setting up the app: the picture, the secret as text, and the first code. */
export interface CodeAppView extends SettingsTabs {
  path: string
  error: string | undefined
  pictureUrl: string
  pictureSize: number
  /** In groups of four, to be typed. */
  secretText: string
  /** Opens the app on the same phone. */
  uri: string
  code: InputView
  proof: ProofView
  cancelPath: string
}

/** One change to how one signs in: what follows from it, and the one form that does it. */
export interface SecurityChangeView extends SettingsTabs {
  heading: string
  consequences: string[]
  path: string
  error: string | undefined
  /** A code of the app or a recovery code; undefined where none is asked for. */
  code: InputView | undefined
  codeLabel: string
  /** The account's name, typed again; undefined where it is not asked for. */
  name: InputView | undefined
  nameLabel: string
  proof: ProofView
  label: string
  isDangerous: boolean
  cancelPath: string
  /** The page that `cancelPath` leads to, by its name. */
  backLabel: string
  /** What one may rather want. */
  links: LinkView[]
  /** False where it cannot be done now, and `consequences` say why. */
  isPossible: boolean
}

/** The ten codes, this once. */
export interface RecoveryCodesView extends SettingsTabs {
  codes: string[]
  /** POST that answers with a text file. */
  filePath: string
  donePath: string
}

export interface PasskeyNewView extends SettingsTabs {
  ask: PasskeyAskView
  error: string | undefined
  name: InputView
  proof: ProofView
  cancelPath: string
}

export interface PasskeyView extends SettingsTabs {
  heading: string
  facts: { label: string; value: string }[]
  namePath: string
  name: InputView
  nameError: string | undefined
  removePath: string
  removeError: string | undefined
  proof: ProofView
  cancelPath: string
}

/** "Is it you?" for somebody signed in who is about to do something dangerous. */
export interface ProofPageView {
  /** Undefined without a password. */
  password: { path: string; field: InputView } | undefined
  passkey: PasskeyAskView | undefined
  /** A code in place of a passkey, for whoever has no password. */
  code: { path: string; field: InputView } | undefined
  error: string | undefined
  hidden: { name: string; value: string }[]
}

/** After the password: the second factor. */
export interface SignInStepView {
  /** What is asked for: a code of the app, or a recovery code. */
  isRecovery: boolean
  /** Undefined where only passkeys are asked for and no recovery code is meant. */
  code: { path: string; field: InputView } | undefined
  passkey: PasskeyAskView | undefined
  error: string | undefined
  /** To the other kind of code. */
  otherLink: LinkView | undefined
  backPath: string
}

/** The way in for whoever has no password and no passkey at hand. */
export interface SignInRecoveryView {
  path: string
  error: string | undefined
  login: InputView
  code: InputView
}
