import type { App } from '#server/apps/find-app.ts'

/** Entity "Application" of the client API: what anybody may know of an app. */
export interface AppEntity {
  id: string
  name: string
  website: string | null
  scopes: string[]
  redirect_uris: string[]
  /** All of them, a line each. */
  redirect_uri: string
  /** For Web Push, which this server does not send. */
  vapid_key: string
}

/** Entity "CredentialApplication": what an app is told about itself once. */
export interface CredentialAppEntity extends AppEntity {
  client_id: string
  client_secret: string
  /** It does not end. */
  client_secret_expires_at: 0
}

export function toAppEntity({ id, name, website, scopes, redirectUris }: App): AppEntity {
  return {
    id: String(id),
    name,
    website,
    scopes,
    redirect_uris: redirectUris,
    redirect_uri: redirectUris.join('\n'),
    vapid_key: ''
  }
}

export function toCredentialAppEntity(app: App, clientSecret: string): CredentialAppEntity {
  return { ...toAppEntity(app), client_id: app.clientId, client_secret: clientSecret, client_secret_expires_at: 0 }
}
