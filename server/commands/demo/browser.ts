import { request } from 'node:http'

/** Somebody at a browser without JavaScript, as far as the demo needs one: cookies are kept, forms carry their hidden fields. */
export interface Browser {
  /** The page's text. Throws unless it is answered 200. */
  page(path: string): Promise<string>
  /** Sends a form as it stands on a page, and follows nothing. Throws unless the answer is a redirect. */
  submit(fromPage: string, action: string, fields: Record<string, string>): Promise<void>
}

const answerMs = 20_000

interface Answer {
  status: number
  text: string
  cookies: string[]
}

/** Speaks to an instance on this machine under its public name, which Node itself cannot look up. */
export function openBrowser(origin: string): Browser {
  const { host, port } = new URL(origin)
  const cookies = new Map<string, string>()

  async function ask(path: string, form?: URLSearchParams): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent: Record<string, string> = form
      ? { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
      : {}
    const answer = await exchange(port, path, { host, accept: 'text/html', cookie, ...sent }, form?.toString())
    for (const line of answer.cookies) {
      const [name = '', value = ''] = line.split(';', 1)[0]!.split('=', 2)
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  async function page(path: string): Promise<string> {
    const { status, text } = await ask(path)
    if (status !== 200) throw new Error(`${origin}${path} answered ${status}.`)
    return text
  }

  return {
    page,
    async submit(fromPage, action, fields) {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page(fromPage))?.[1] ?? ''
      const { status } = await ask(action, new URLSearchParams({ csrf, ...fields }))
      if (status !== 303) throw new Error(`The form ${origin}${action} answered ${status}.`)
    }
  }
}

function exchange(port: string, path: string, headers: Record<string, string>, body: string | undefined): Promise<Answer> {
  return new Promise((done, failed) => {
    const method = body === undefined ? 'GET' : 'POST'
    const asked = request({ host: '127.0.0.1', port, path, method, headers, timeout: answerMs }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('error', failed)
      answer.on('end', () =>
        done({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString(), cookies: answer.headers['set-cookie'] ?? [] })
      )
    })
    asked.on('timeout', () => asked.destroy(new Error(`No answer from port ${port} within ${answerMs / 1_000} s.`)))
    asked.on('error', failed)
    asked.end(body)
  })
}
