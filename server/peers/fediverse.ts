import type { Account } from '#server/accounts/who.ts'

/** One thing that was tried on the way to an answer, for people who ask why it failed. */
export interface ResolveStep {
  /** Message key of what was tried (`resolve.webfinger`, …), with values. */
  key: string
  values: Record<string, string | number>
  isOk: boolean
  /** Why it failed; absent when it went well. */
  error?: string
}

export type Resolved = { kind: 'account'; accountId: number } | { kind: 'post'; postId: number } | { kind: 'nothing' }

export interface ResolveOptions {
  /** Hears each step as it ends. */
  onStep?: (step: ResolveStep) => void
  /** The operator typed the address on the command line: its origin may lie in a private range. */
  isTypedByOperator?: boolean
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
