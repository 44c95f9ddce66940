import { apps } from '#db/schema/apps.ts'
import { type App, toApp } from '#server/apps/find-app.ts'
import { mayRedirectTo } from '#server/apps/redirect-uris.ts'
import { defaultScope, readScopes } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { cleanName, countCharacters } from '#server/platform/clean-text.ts'
import { countAttempt, networkOf } from '#server/sign-in/attempts.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

const hourMs = 3_600_000
/** Apps that one network may introduce: each is a row. Sites that register once for each server they meet come nowhere near. */
const appsPerNetwork = { max: 100, windowMs: hourMs }
const appNameCharactersMax = 60
const websiteCharactersMax = 2_000
const redirectUrisMax = 20

export interface AppInput {
  name: string
  website: string
  redirectUris: readonly string[]
  /** Separated by spaces; empty for `read`. */
  scopes: string
}

/** A new app and its secret, which is told this once. */
export interface RegisteredApp {
  app: App
  clientSecret: string
}

/** An app introduces itself; anybody may. Refusals: `invalid` at `client_name`, `website`, `redirect_uris`, `scopes`; `too-many` for its network. */
export async function registerApp(ctx: Context, input: AppInput, address: string): Promise<RegisteredApp> {
  const checked = checkApp(input)
  const [clientId, clientSecret] = [ctx.random.token(), ctx.random.token()]
  return ctx.transact(async (tx) => {
    await countAttempt(tx, `apps of ${networkOf(address)}`, appsPerNetwork)
    const row = { id: tx.newId(), ...checked, clientId, secretHash: hashToken(clientSecret), createdAt: tx.now }
    const [app] = await tx.insert(apps).values(row).returning()
    return { app: toApp(app!), clientSecret }
  })
}

function checkApp({ name, website, redirectUris, scopes }: AppInput): Pick<App, 'name' | 'website' | 'redirectUris' | 'scopes'> {
  const shownName = cleanName(name, appNameCharactersMax + 1)
  if (shownName === '') throw new Refusal('invalid', 'oauth.nameMissing', {}, 'client_name')
  if (countCharacters(shownName) > appNameCharactersMax)
    throw new Refusal('invalid', 'oauth.nameTooLong', { limit: appNameCharactersMax }, 'client_name')
  const uris = [...new Set(redirectUris)]
  const unfit = uris.find((uri) => !mayRedirectTo(uri))
  if (uris.length === 0 || uris.length > redirectUrisMax || unfit !== undefined)
    throw new Refusal('invalid', 'oauth.redirectUnfit', { limit: redirectUrisMax }, 'redirect_uris')
  const known = readScopes(scopes === '' ? defaultScope : scopes)
  if (!known) throw new Refusal('invalid', 'oauth.scopeUnknown', {}, 'scopes')
  return { name: shownName, website: checkWebsite(website), redirectUris: uris, scopes: known }
}

/** An address of the web, or none. */
function checkWebsite(typed: string): string | null {
  const text = typed.trim()
  if (text === '') return null
  const url = URL.parse(text)
  const isOfTheWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  if (!isOfTheWeb || url.href.length > websiteCharactersMax) throw new Refusal('invalid', 'oauth.websiteUnfit', {}, 'website')
  return url.href
}
