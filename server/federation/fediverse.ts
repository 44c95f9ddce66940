import { findAccount, readHandle } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { resolveHandle } from '#server/federation/resolve/resolve-handle.ts'
import { resolveUrl } from '#server/federation/resolve/resolve-url.ts'
import { createSteps } from '#server/federation/resolve/steps.ts'
import type { Fediverse, ResolveOptions } from '#server/peers/fediverse.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'

const inputCharactersMax = 2_048

/** The port of server/peers/fediverse.ts, over WebFinger and ActivityPub. Whoever calls it has made sure that somebody signed in asks. */
export function createFediverse(ctx: Context): Fediverse {
  return {
    async resolve(input, options = {}) {
      const text = input.trim()
      if (text === '' || text.length > inputCharactersMax) return { kind: 'nothing' }
      const steps = createSteps(options)
      const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null
      if (url) return resolveUrl(ctx, withoutFragment(url), { ...optionsFor(url.origin, options), viewerId: options.viewerId }, steps)
      const handle = readHandle(text.replace(/^acct:/i, ''), ctx.config)
      if (!handle) return { kind: 'nothing' }
      return resolveHandle(ctx, handle, optionsFor(`https://${handle.domain}`, options), steps)
    },
    async refreshAccount(accountId) {
      const account = await findAccount(ctx.db, accountId)
      if (!account || account.domain === null || account.deletedAt !== null) return undefined
      try {
        return await fetchActor(ctx, account.uri, { budget: new FetchBudget(), isForced: true })
      } catch (error) {
        if (error instanceof FetchFault) return undefined
        throw error
      }
    }
  }
}

/** What the operator typed is asked wherever it lies, and now. */
function optionsFor(origin: string, { isTypedByOperator, isForced }: ResolveOptions): FetchOptions {
  const asked = isTypedByOperator ? { exempt: origin, isForced: true } : isForced ? { isForced } : {}
  return { budget: new FetchBudget(), ...asked }
}

function withoutFragment(url: URL): URL {
  url.hash = ''
  return url
}
