import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Instance, startInstance } from '#test/helpers/instance.ts'

const answerMs = 5_000

/** The status of an answer over a real connection: only there a body that nobody reads on is seen to keep its request waiting. */
function post(instance: Instance, path: string, headers: Record<string, string>, body: Buffer): Promise<number | undefined> {
  const { port } = instance.app.server.address() as AddressInfo
  const { host, origin } = instance.config
  return new Promise((resolve, reject) => {
    const sent = { host, origin, accept: 'text/html', 'content-length': body.length, ...headers }
    const asked = request({ port, host: '127.0.0.1', path, method: 'POST', headers: sent, timeout: answerMs }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.on('timeout', () => asked.destroy(new Error(`No answer within ${answerMs} ms.`)))
    asked.end(body)
  })
}

test('DOS-01: a form that is sent packed is refused at once, however much it would unpack to', async (t) => {
  const instance = await startInstance(t)
  const part = (at: number) => `--B\r\ncontent-disposition: form-data; name="f${at}"\r\n\r\n${'x'.repeat(500_000)}\r\n`
  const multipart = Buffer.from(`${Array.from({ length: 190 }, (_, at) => part(at)).join('')}--B--\r\n`)
  const form = Buffer.from(`login=${'x'.repeat(50_000_000)}`)
  const bodies = [
    ['multipart/form-data; boundary=B', multipart],
    ['application/x-www-form-urlencoded', form],
    ['application/json', Buffer.from(`{"code":"${'x'.repeat(50_000_000)}"}`)]
  ] as const
  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync]
  ] as const) {
    for (const [type, body] of bodies) {
      const packed = pack(body)
      for (const path of ['/sign-in', '/posts', '/oauth/token', '/api/v1/apps']) {
        const before = process.memoryUsage().rss
        const status = await post(instance, path, { 'content-type': type, 'content-encoding': encoding }, packed)
        assert.ok(status !== undefined && status >= 400 && status < 500, `${type} in ${encoding} to ${path}: ${status}`)
        assert.ok(process.memoryUsage().rss - before < 60_000_000, `${type} in ${encoding} to ${path} took memory`)
      }
    }
  }
})
