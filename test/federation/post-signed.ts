import { request as httpRequest } from 'node:http'
import type { Instance } from '#test/helpers/instance.ts'
import type { InboxResponse } from '#test/helpers/remote.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

interface Posting {
  path: string
  activity: Record<string, unknown>
  keyId: string
  privatePem: string
}

/** Posts an activity over a real socket, signed in draft-cavage with `hs2019` in place of the algorithm, as GoToSocial does. */
export function post(instance: Instance, { path, activity, keyId, privatePem }: Posting): Promise<InboxResponse> {
  const { host } = instance.config
  const body = Buffer.from(JSON.stringify(activity))
  const signed = signedHeaders({ host, path, body, keyId, privatePem, now: instance.clock.now() })
  const headers = {
    ...signed,
    'user-agent': 'gotosocial/0.21.0 (+https://gts.test/)',
    'content-type': 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'content-length': body.length,
    signature: String(signed.signature ?? signed.Signature).replace('algorithm="rsa-sha256"', 'algorithm="hs2019"')
  }
  return new Promise((resolve, reject) => {
    const sending = httpRequest({ host: '127.0.0.1', port: instance.network.portOf(host), path, method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sending.on('error', reject).end(body)
  })
}
