import type { AccountView } from '#server/web/views/account-view.ts'
import type { LinkView } from '#server/web/views/form-view.ts'
import type { SettingsTabs } from '#server/web/views/settings-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** An app asks to act for whoever looks: who it is, what it may then do, and where one is led afterwards. */
export interface AuthorizeView {
  appName: string
  /** As the app says of itself; undefined when it gave none. */
  website: LinkView | undefined
  account: AccountView
  /** With the host, since one may have accounts on several servers. */
  handle: string
  lead: string
  allows: string[]
  placeText: string
  path: string
  /** To sign in as somebody else, and back here. */
  otherPath: string
}

/** What an app asked for cannot be granted. */
export interface AuthorizeFaultyView {
  heading: string
  text: string
  lead: string
  /** Back to the app, with the name of the error; undefined where it has no address to come back to. */
  backUrl: string | undefined
  backLabel: string
  home: LinkView
}

/** The code itself, to be carried over by hand. */
export interface AuthorizeCodeView {
  code: string
}

export interface SettingsAppsView extends SettingsTabs {
  apps: AllowedAppView[]
  /** Removes all of them; undefined where there are not several. */
  removeAllPath: string | undefined
  /** What one types into an app to find this server. */
  host: string
}

export interface AllowedAppView {
  id: string
  name: string
  website: LinkView | undefined
  allows: string[]
  allowed: TimeView
  /** Undefined until it did something. */
  lastUsed: TimeView | undefined
  removePath: string
}
