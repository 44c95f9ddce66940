import type { Account } from '#server/accounts/who.ts'

/** One thing that was tried on the way to an answer, for people who ask why it failed. */
export interface ResolveStep {
  /** Message key of what was tried (`resolve.webfinger`, …), with values. */
  key: string
  values: Record<string, string | number>
  isOk: boolean
  /** Why it failed, for operators; absent when it went well. */
  error?: string
  /** Why it failed, for anybody: message key `resolve.because-…`. */
  reason?: StepFault
}

/**
 * In words that tell nothing of our own network: whatever keeps us from reaching an address is `unreachable`. `recent`: it failed a moment ago and was not asked
 * again. `refused`: it answered that we may not read it. `troubled`: it answered that something is wrong with itself. `unreadable`: what it answered is
 * no profile and no post as this server reads them, or not what it says it is.
 */
export type StepFault = 'gone' | 'recent' | 'refused' | 'troubled' | 'unreachable' | 'unreadable'

export type Resolved = { kind: 'account'; accountId: number } | { kind: 'post'; postId: number } | { kind: 'nothing' }

export interface ResolveOptions {
  /** Hears each step as it ends. */
  onStep?: (step: ResolveStep) => void
  /** The operator typed the address on the command line: its origin may lie in a private range. */
  isTypedByOperator?: boolean
  /** Whoever asks here: a post that is not for them is looked for as if nobody here knew it. Absent for whoever may know of all. */
  viewerId?: number
  /** Asks the origin now, whatever we know and however it failed a moment ago. */
  isForced?: boolean
}

/** What features may ask of the fediverse; implemented in federation/, joined in main.ts. */
export interface Fediverse {
  /** `@name@host`, `name@host`, or a URL of an actor or post. Answers from our tables when fresh, else asks the origin. */
  resolve(input: string, options?: ResolveOptions): Promise<Resolved>
  /** Reads a remote account from its origin again. */
  refreshAccount(accountId: number): Promise<Account | undefined>
}
