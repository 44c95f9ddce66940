import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Hopeless } from '#server/jobs/job-run.ts'
import { createMailer, mailFilesMax } from '#server/platform/mail.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const from = 'Skerry <no-reply@skerry.test>'
const clock = { now: () => Date.UTC(2026, 10, 23, 12) }
const mail = {
  to: 'ana@example.test',
  subject: 'Grüße von der Schäre',
  text: `Hei Ana,\n\nhttps://skerry.test/confirm/${'x'.repeat(120)}\n`
}

function mailToDir(t: TestContext) {
  const base = mkdtempSync(join(openScratch(), 'skerry-mail-'))
  t.after(() => rmSync(base, { recursive: true, force: true }))
  const dir = join(base, 'mail')
  const sent = () =>
    readdirSync(dir)
      .sort()
      .map((name) => readFileSync(join(dir, name), 'utf8'))
  return { dir, sent, mailer: createMailer({ smtpUrl: '', from, dir, clock }) }
}

test('Without a mail server a mail is a file that any mail program opens', async (t) => {
  const { dir, sent, mailer } = mailToDir(t)
  assert.equal(mailer.isToFile, true)
  await mailer.verify()
  await mailer.send(mail)
  const [text = ''] = sent()
  const end = text.indexOf('\r\n\r\n')
  const [head, body] = [text.slice(0, end), text.slice(end)]
  const lines = head.replace(/\r\n[ \t]/g, ' ').split('\r\n')
  assert.ok(lines.includes('From: Skerry <no-reply@skerry.test>'))
  assert.ok(lines.includes('To: ana@example.test'))
  assert.ok(lines.includes('Date: Mon, 23 Nov 2026 12:00:00 +0000'))
  assert.ok(lines.includes('Auto-Submitted: auto-generated'))
  assert.match(head, /^Message-ID: <[^>]+@skerry\.test>/m)
  assert.match(head, /^Subject: =\?UTF-8\?/m)
  assert.ok(body.replaceAll('=\r\n', '').includes('x'.repeat(120)), 'a long link stays whole')
  const [name = ''] = readdirSync(dir)
  assert.match(name, /^2026-11-23T12-00-00\.000Z-[0-9a-f]{8}\.eml$/)
  assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600)
  assert.equal(statSync(dir).mode & 0o777, 0o700)
})

test('No subject and no address can smuggle in a header or a recipient', async (t) => {
  const { sent, mailer } = mailToDir(t)
  await mailer.send({ ...mail, subject: 'Hei\r\nBcc: eve@example.test\r\n\r\n<script>\u2028X: y\0' })
  const [text = ''] = sent()
  assert.doesNotMatch(text, /^(Bcc|X):/m)
  const wrong = [
    '',
    'ana',
    'ana@example.test, eve@example.test',
    'ana@example.test\r\nBcc: eve@example.test',
    'Ana <ana@example.test>',
    '<ana@example.test>',
    'a b@example.test',
    'ana@example.test;eve@example.test',
    'ana@exa@mple.test',
    '"ana"@example.test',
    `${'a'.repeat(65)}@example.test`
  ]
  for (const to of wrong) await assert.rejects(mailer.send({ ...mail, to }), Hopeless, to)
  assert.equal(sent().length, 1)
})

test('Only the newest mails are kept', async (t) => {
  const { dir, mailer } = mailToDir(t)
  await mailer.verify()
  for (let at = 0; at < mailFilesMax; at++) writeFileSync(join(dir, `2026-01-01T00-00-00.000Z-${at.toString(16).padStart(8, '0')}.eml`), '')
  await mailer.send(mail)
  const names = readdirSync(dir).sort()
  assert.equal(names.length, mailFilesMax)
  assert.equal(names[0], '2026-01-01T00-00-00.000Z-00000001.eml')
})

/** The least of a mail server: takes one recipient's mail and refuses another's. */
async function startMailServer(t: TestContext) {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let data: string | undefined
    let pending = ''
    const answer = (line: string) => socket.write(`${line}\r\n`)
    answer('220 mail.test ESMTP')
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end)
        pending = pending.slice(end + 2)
        if (data !== undefined) {
          if (line === '.') {
            received.push(data)
            data = undefined
            answer('250 kept')
          } else data += `${line}\n`
        } else if (line.startsWith('RCPT'))
          answer(line.includes('unknown@') ? '550 no such user' : line.includes('later@') ? '451 try later' : '250 ok')
        else if (line === 'DATA') {
          data = ''
          answer('354 go on')
        } else if (line === 'QUIT') socket.end('221 bye\r\n')
        else answer('250 ok')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { received, url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('With a mail server mails go there; a mailbox it does not know is hopeless, a busy one is not', async (t) => {
  const { received, url } = await startMailServer(t)
  const mailer = createMailer({ smtpUrl: url, from, dir: '/nowhere', clock })
  assert.equal(mailer.isToFile, false)
  await mailer.verify()
  await mailer.send(mail)
  assert.equal(received.length, 1)
  assert.match(received[0] ?? '', /^To: ana@example\.test$/m)
  await assert.rejects(mailer.send({ ...mail, to: 'unknown@example.test' }), Hopeless)
  await assert.rejects(mailer.send({ ...mail, to: 'later@example.test' }), (error) => !(error instanceof Hopeless))
})

test('Nobody at the address of the mail server is told in a sentence', async (t) => {
  const { url } = await startMailServer(t)
  const port = Number(new URL(url).port)
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const free = (silent.address() as AddressInfo).port
  await new Promise((resolve) => silent.close(resolve))
  assert.notEqual(free, port)
  await assert.rejects(createMailer({ smtpUrl: `smtp://127.0.0.1:${free}`, from, dir: '', clock }).verify(), /does not take our mail/)
})
