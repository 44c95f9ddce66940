import type { ButtonView, CheckView, ChoiceView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { PolicyFieldsView } from '#server/web/views/policy-fields.ts'
import type { ProofView } from '#server/web/views/security-views.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** Links between the settings pages. */
export interface SettingsTabs {
  tabs: TabView[]
}

export interface SettingsProfileView extends SettingsTabs {
  path: string
  error: string | undefined
  displayName: InputView
  note: InputView
  noteCharactersMax: number
  isLocked: CheckView
  isBot: CheckView
  /** Label and value of each profile field, with the names of their inputs: `fieldName-1`, `fieldValue-1` and so on. */
  fields: { position: number; name: { name: string; input: InputView }; value: { name: string; input: InputView } }[]
  avatarUrl: string | undefined
  avatarError: string | undefined
  headerUrl: string | undefined
  headerError: string | undefined
  imageTypes: string
  /** The form for one more featured tag; undefined when there are as many as may be. */
  tagInput: InputView | undefined
  /** Featured tags, each with the button that takes it away. */
  tags: { tag: string; remove: ButtonView }[]
}

export interface SettingsNotificationsView extends SettingsTabs {
  path: string
  error: string | undefined
  /** What becomes of notifications by people one does not follow, part by part. */
  parts: { name: string; label: string; hint: string; choice: ChoiceView }[]
}

export interface SettingsPrivacyView extends SettingsTabs {
  path: string
  error: string | undefined
  /** Whether the profile is shown to those who look for people, and public posts to those who look for words. */
  isDiscoverable: CheckView
  isIndexable: CheckView
  /** Whether others may read who follows and is followed. */
  listsFollows: CheckView
  /** Whether public posts go out with a proof. */
  provesPosts: CheckView
  creditSites: InputView
}

export interface SettingsAccountView extends SettingsTabs {
  email: string
  isEmailConfirmed: boolean
  emailPath: string
  emailError: string | undefined
  newEmail: InputView
  emailProof: ProofView
  passwordPath: string
  passwordError: string | undefined
  /** False for whoever signs in by passkey alone. */
  hasPassword: boolean
  passwordProof: ProofView
  newPassword: InputView
  passwordCharactersMin: number
  /** The page that deletes the account. */
  deletionPath: string
}

export interface SettingsMovingView extends SettingsTabs {
  /** Handle that the other account must name. */
  handle: string
  /** Where this account moved to, and the form that takes it back; undefined while it did not. */
  moved: { link: LinkView; backPath: string } | undefined
  /** Why it cannot move now; undefined when it can. */
  waitText: string | undefined
  movePath: string
  moveError: string | undefined
  target: InputView
  proof: ProofView
  aliasPath: string
  aliasError: string | undefined
  alias: InputView
  /** Accounts said to be one's own; `uri` is sent to take one back. */
  aliases: { link: LinkView; uri: string; name: string; removePath: string }[]
}

export interface SettingsSessionsView extends SettingsTabs {
  sessions: {
    id: string
    /** "Firefox on Linux", or the start of the agent string. */
    device: string
    address: string
    lastSeen: TimeView
    started: TimeView
    isCurrent: boolean
    /** POST that ends it. */
    endPath: string
  }[]
  /** POST that ends all others; undefined when this is the only one. */
  endOthersPath: string | undefined
  /** How the account was signed in to lately, newest first. */
  signIns: { device: string; address: string; time: TimeView; wayText: string; isGood: boolean }[]
}

/** What new posts begin with. */
export interface SettingsPostingView extends SettingsTabs {
  path: string
  error: string | undefined
  /** The four visibilities, and whatever was chosen last. */
  visibility: ChoiceView
  language: ChoiceView
  sensitive: CheckView
  markdown: CheckView
  policies: PolicyFieldsView['fields']
}

export interface SettingsAppearanceView extends SettingsTabs {
  path: string
  error: string | undefined
  theme: ChoiceView
  contrast: ChoiceView
  textSize: ChoiceView
  density: ChoiceView
  motion: ChoiceView
  plainNames: CheckView
  shortcuts: CheckView
  timeZone: ChoiceView
  language: ChoiceView | undefined
}
