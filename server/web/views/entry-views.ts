import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { CheckView, InputView } from '#server/web/views/form-view.ts'
import type { TimelineView } from '#server/web/views/post-view.ts'
import type { PasskeyAskView } from '#server/web/views/security-views.ts'

/** `/` for those who are not signed in. */
export interface FrontView {
  instanceName: string
  /** Sanitised HTML of the instance's description. */
  descriptionHtml: string
  /** False until the owner exists: the page then says how to create one. */
  hasOwner: boolean
  signInPath: string
  /** Undefined while sign-up is closed. */
  signUpPath: string | undefined
  /** Newest public posts of this instance. */
  timeline: TimelineView
}

export interface AboutView {
  instanceName: string
  descriptionHtml: string
  rules: string[]
  contactEmail: string | undefined
  /** The people behind it: owner, admins, moderators who want to be named. */
  staff: AccountCardView[]
  userCount: number
  postCount: number
  version: string
  /** Where the code of this very instance can be read; undefined while no address is known. */
  sourceUrl: string | undefined
  /** "Open to everybody", "By approval" … in words. */
  signUpText: string
}

export interface SignInView {
  path: string
  /** Sentence about the whole form; the same for an unknown account and a wrong password. */
  error: string | undefined
  /** Said to somebody who is signed in already; undefined for everybody else. */
  notice: string | undefined
  login: InputView
  password: InputView
  forgottenPath: string
  signUpPath: string | undefined
  passkey: PasskeyAskView
  /** For whoever has no password and no passkey at hand. */
  recoveryPath: string
}

export interface SignUpView {
  path: string
  mode: 'approval' | 'open' | 'invite' | 'closed'
  error: string | undefined
  name: InputView
  /** What follows the name in a handle: `@skerry.example`. */
  handleSuffix: string
  email: InputView
  password: InputView
  /** True in mode approval. */
  asksReason: boolean
  reason: InputView
  /** True in mode invite. */
  asksInviteCode: boolean
  inviteCode: InputView
  /** Rules as plain text, in order. */
  rules: string[]
  consent: CheckView
  passwordCharactersMin: number
}

/** Creation of the owner's account by the one-time link of the terminal. */
export interface OwnerView {
  path: string
  error: string | undefined
  name: InputView
  handleSuffix: string
  email: InputView
  password: InputView
  passwordCharactersMin: number
}

export interface PasswordForgottenView {
  path: string
  error: string | undefined
  email: InputView
}

export interface PasswordNewView {
  path: string
  error: string | undefined
  password: InputView
  passwordCharactersMin: number
}
