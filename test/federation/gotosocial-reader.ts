import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import httpSignature from 'http-signature'
import type { GoToSocialAccount } from '#test/federation/gotosocial-account.ts'
import { all, faultsOfActor, faultsOfDocument, faultsOfPost, isActivityType, type Json } from '#test/federation/gotosocial-rules.ts'
import type { Instance } from '#test/helpers/instance.ts'

/** What GoToSocial asks of other servers, and how it takes the answers. What it does not take is noted among the faults. */
export interface Reader {
  /** The key that a keyId names, once its owner could be read and looked up too; asked for in the name of whoever's inbox it is. */
  key(keyId: string, as: GoToSocialAccount): Promise<{ owner: string; pem: string } | undefined>
  read(uri: string, as: GoToSocialAccount, kind?: 'post' | 'actor'): Promise<Json | undefined>
}

const accept = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams",application/activity+json'
const nodeinfoRel = 'http://nodeinfo.diaspora.software/ns/schema/2'

export function createReader(instance: Instance, faults: string[], instanceAccount: () => GoToSocialAccount): Reader {
  const keys = new Map<string, Promise<{ owner: string; pem: string } | undefined>>()
  let isMet = false

  /** Signed, and never redirected here. */
  function get(
    url: string,
    as: GoToSocialAccount,
    headers: Record<string, string>
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
    const { host, pathname, search } = new URL(url)
    const path = pathname + search
    const sent: Record<string, string> = {
      host,
      date: new Date(instance.clock.now()).toUTCString(),
      'user-agent': `gotosocial/0.21.0 (+${new URL(as.uri).origin}/)`,
      ...headers
    }
    const signable = {
      method: 'GET',
      path,
      getHeader: (name: string) => sent[name.toLowerCase()],
      setHeader: (name: string, value: string) => void (sent[name.toLowerCase()] = value)
    }
    const signed = ['(request-target)', 'host', 'date']
    httpSignature.signRequest(signable, {
      keyId: as.keyId,
      key: as.keys.privatePem,
      algorithm: 'rsa-sha256',
      headers: signed,
      authorizationHeaderName: 'Signature'
    })
    sent.signature = String(sent.signature).replace('algorithm="rsa-sha256"', 'algorithm="hs2019"')
    return new Promise((resolve, reject) => {
      const asking = httpRequest({ host: '127.0.0.1', port: instance.network.portOf(host), path, headers: sent }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      })
      asking.on('error', reject).end()
    })
  }

  async function dereference(uri: string, as: GoToSocialAccount): Promise<Json | undefined> {
    const answer = await get(uri, as, { accept, 'accept-charset': 'utf-8' })
    if (answer.status !== 200) return undefined
    const type = answer.headers['content-type']
    if (!isActivityType(type)) {
      faults.push(`GET ${uri}: the content type ${type}`)
      return undefined
    }
    return JSON.parse(answer.body)
  }

  /** The account behind a handle: its subject must say the name that was asked for, and one link lead to the actor. */
  async function finger(name: string, host: string, uri: string): Promise<void> {
    const at = `https://${host}/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@${host}`)}`
    const answer = await get(at, instanceAccount(), { accept: 'application/jrd+json,application/json' })
    const type = String(answer.headers['content-type'])
    if (answer.status !== 200 || !/^application\/(jrd\+)?json(; ?charset=utf-8)?$/.test(type)) {
      faults.push(`GET ${at}: ${answer.status} ${type}`)
      return
    }
    const { subject, links } = JSON.parse(answer.body) as { subject: string; links: { rel: string; type?: string; href: string }[] }
    if (!subject.startsWith(`acct:${name}@`)) faults.push(`GET ${at}: the subject ${subject}`)
    const self = links.find((link) => link.rel === 'self' && isActivityType(link.type))
    if (self?.href !== uri) faults.push(`GET ${at}: leads to ${self?.href}`)
  }

  /** The last of the links that begin as those of NodeInfo 2 do; its answer must be JSON of no profile, or of version 2.0. */
  async function meet(origin: string): Promise<void> {
    if (isMet) return
    isMet = true
    const known = await get(`${origin}/.well-known/nodeinfo`, instanceAccount(), { accept: 'application/json' })
    const { links } = JSON.parse(known.body) as { links: { rel: string; href: string }[] }
    const href = links.filter(({ rel }) => rel.startsWith(nodeinfoRel)).at(-1)?.href
    const answer = href === undefined ? undefined : await get(href, instanceAccount(), { accept: 'application/json' })
    const parts = String(answer?.headers['content-type'])
      .split(';')
      .map((part) => part.trim())
    const rest = parts.filter((part) => !part.startsWith('charset='))
    const isTaken = rest[0] === 'application/json' && [undefined, `profile="${nodeinfoRel}.0#"`].includes(rest[1])
    if (!isTaken) faults.push(`NodeInfo at ${href}: ${answer?.headers['content-type']}`)
    if ([known, answer].some((each) => String(each?.headers['x-robots-tag']).includes('noindex'))) faults.push('NodeInfo is not to be read')
  }

  async function readKey(keyId: string, as: GoToSocialAccount): Promise<{ owner: string; pem: string } | undefined> {
    const bare = keyId.replace(/#.*$/, '')
    const document = await dereference(bare, as)
    const [key] = all(document?.publicKey) as Json[]
    if (!document || typeof key?.owner !== 'string') return undefined
    await meet(new URL(bare).origin)
    const actor = await dereference(key.owner, as)
    if (!actor) return undefined
    faults.push(...faultsOfActor(actor, key.owner).map((fault) => `${key.owner}: ${fault}`))
    await finger(String(actor.preferredUsername), new URL(key.owner).host, key.owner)
    const [own] = all(actor.publicKey) as Json[]
    if (own?.publicKeyPem !== key.publicKeyPem) faults.push(`${key.owner}: another key than the one that signed`)
    return { owner: key.owner, pem: String(key.publicKeyPem) }
  }

  return {
    key(keyId, as) {
      let key = keys.get(keyId)
      if (!key) keys.set(keyId, (key = readKey(keyId, as)))
      return key
    },
    async read(uri, as, kind) {
      const document = await dereference(uri, as)
      if (!document) return undefined
      const rules = kind === 'post' ? faultsOfPost : kind === 'actor' ? faultsOfActor : faultsOfDocument
      faults.push(...rules(document, uri).map((fault) => `${uri}: ${fault}`))
      return document
    }
  }
}
