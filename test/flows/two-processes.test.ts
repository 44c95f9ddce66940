import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { dialectOfProcess } from '#db/dialect.ts'
import { becomeOwner, password } from '#test/flows/become-owner.ts'
import { textOf, unescapeHtml } from '#test/helpers/html.ts'
import { placeFor, type ServerProcess, until, type Visitor } from '#test/flows/processes.ts'

const stopMsMax = 10_000
const isShared = dialectOfProcess() === 'postgres'

/** Somebody who signs up through the form, confirms the address by the link in the mail, and signs in. */
async function signUp(server: ServerProcess, name: string): Promise<Visitor> {
  const visitor = server.visitor()
  await visitor.page('/sign-up')
  const asked = await visitor.submit('/sign-up', { name, email: `${name}@mail.test`, password, reason: '', inviteCode: '', consent: 'on' })
  assert.equal(asked.status, 303, asked.text)
  await until('the mail', async () => server.linkMailed('/confirm/'))
  const path = new URL(server.linkMailed('/confirm/')!).pathname
  await visitor.page(path)
  assert.equal((await visitor.submit(path)).status, 303)
  const signedIn = await visitor.submit('/sign-in', { login: name, password })
  assert.equal(signedIn.status, 303, signedIn.text)
  return visitor
}

async function startTwo(t: TestContext) {
  const [red, blue] = await Promise.all([placeFor(t, 'red'), placeFor(t, 'blue')])
  await Promise.all([red.start(), blue.start()])
  const [olga, bob] = await Promise.all([becomeOwner(red, 'olga'), signUp(blue, 'bob')])
  return { red, blue, olga, bob }
}

/** Follows somebody elsewhere: searches for the handle, and presses the button beside the one found. */
async function follow(who: Visitor, handle: string): Promise<void> {
  let path: string | undefined
  await until(
    `${handle} to be found`,
    async () => (path = /action="(\/accounts\/\d+\/follow)"/.exec(await who.page(`/search?q=${encodeURIComponent(handle)}`))?.[1])
  )
  assert.equal((await who.submit(path!)).status, 303)
}

const shows = (who: Visitor, path: string, words: RegExp) =>
  until(`${path} to show ${words}`, async () => words.test(textOf(await who.page(path))))
const hides = (who: Visitor, path: string, words: RegExp) =>
  until(`${path} to hide ${words}`, async () => !words.test(textOf(await who.page(path))))

async function post(who: Visitor, text: string, more: Record<string, string> = {}): Promise<void> {
  await who.page('/home')
  const answer = await who.submit('/posts', { text, visibility: 'public', ...more })
  assert.equal(answer.status, 303, answer.text)
}

/** Where the newest post with these words stands on somebody's page, and its id there. */
async function find(who: Visitor, path: string, words: string): Promise<{ id: string; path: string }> {
  const html = await who.page(path)
  const article = html.split('<article').find((part) => textOf(`<article${part}`).includes(words))
  assert.ok(article, `${words} on ${path}`)
  const id = /id="post-(\d+)"/.exec(article)![1]!
  const href = [...article.matchAll(/href="([^"]+)"/g)].map(([, link]) => unescapeHtml(link!)).find((link) => link.endsWith(`/${id}`))
  return { id, path: href! }
}

test('two instances in two processes: what is done on one is seen on the other, through crashes too', { timeout: 150_000 }, async (t) => {
  const { red, blue, olga, bob } = await startTwo(t)

  await t.test('a follow by handle is negotiated, and a post arrives', async () => {
    await follow(bob, `@olga@${red.host}`)
    await shows(olga, '/notifications', /@bob@blue\.localhost/)
    await follow(olga, `@bob@${blue.host}`)
    await shows(bob, '/notifications', /@olga@red\.localhost/)
    await post(olga, 'The tide is in.')
    await shows(bob, '/home', /The tide is in\./)
  })

  await t.test('a reply, a favourite and a boost come back to the author', async () => {
    const there = await find(bob, '/home', 'The tide is in.')
    assert.equal((await bob.submit(`/posts/${there.id}/favourite`)).status, 303)
    assert.equal((await bob.submit(`/posts/${there.id}/boost`)).status, 303)
    await post(bob, `@olga@${red.host} I can see it.`, { replyTo: there.id })
    await shows(olga, '/notifications', /I can see it\./)
    const here = await find(olga, '/home', 'The tide is in.')
    await shows(olga, here.path, /I can see it\./)
    await until('the favourite and the boost to be told', async () => {
      const told = textOf(await olga.page('/notifications'))
      return /boosted/i.test(told) && /favourite/i.test(told)
    })
  })

  await t.test('an edit and a delete follow the post', async () => {
    const here = await find(olga, '/home', 'The tide is in.')
    assert.equal((await olga.submit(`/posts/${here.id}/edit`, { text: 'The tide is out.' })).status, 303)
    await shows(bob, '/home', /The tide is out\./)
    assert.equal((await olga.submit(`/posts/${here.id}/delete`)).status, 303)
    await hides(bob, '/home', /The tide is/)
  })

  await t.test('killed while the other writes, one gets all of it when it is back and has spoken', async () => {
    assert.equal((await blue.end('SIGKILL')).signal, 'SIGKILL')
    for (const number of [1, 2, 3]) await post(olga, `Written while you were away, ${number}.`)
    // Long enough for the first tries to fail: from here on the host is held, for half a minute and more.
    await wait(1_500)
    await blue.start()
    assert.doesNotMatch(textOf(await bob.page('/home')), /while you were away/, 'nothing came by another way')
    await post(bob, `@olga@${red.host} Back again.`)
    await shows(olga, '/notifications', /Back again\./)
    for (const number of [1, 2, 3]) await shows(bob, '/home', new RegExp(`away, ${number}\\.`))
  })

  await t.test('an acknowledged post survives the kill of its own server', async () => {
    await post(bob, 'Acknowledged, then the power went.')
    await blue.end('SIGKILL')
    await blue.start()
    assert.match(textOf(await bob.page('/home')), /then the power went/)
    // Several workers may share a PostgreSQL: there, what the dead one had leased waits for two minutes.
    if (!isShared) await shows(olga, '/home', /then the power went/)
  })

  await t.test('a block ends what was between them, on both sides', async () => {
    const html = await olga.page(`/@bob@${blue.host}`)
    const path = /"(\/accounts\/\d+\/block)"/.exec(html)![1]!
    assert.equal((await olga.submit(path)).status, 303)
    await hides(olga, '/home', /then the power went|Back again/)
    await post(olga, 'Not for bob.')
    await hides(bob, '/home', /Written while you were away/)
    assert.doesNotMatch(textOf(await bob.page('/home')), /Not for bob/)
  })

  await t.test(
    'told to end, a server finishes what runs, waits for nobody who says nothing, and ends well within ten seconds',
    async () => {
      // A browser that connected in advance, and a client that never comes to the end of its headers.
      for (const said of ['', `GET /livez HTTP/1.1\r\nhost: ${red.host}\r\nx-slow: `]) {
        const socket = connect(Number(new URL(red.origin).port), '127.0.0.1', () => socket.write(said))
        socket.on('error', () => undefined)
      }
      const slow = slowPost(red, '/sign-in')
      await slow.started
      const ending = red.end('SIGTERM')
      await wait(300)
      slow.finish()
      const [{ code, tookMs }, answer] = await Promise.all([ending, slow.answer])
      assert.equal(code, 0, red.output())
      assert.ok(tookMs < stopMsMax / 2, `${tookMs} ms`)
      assert.match(answer, /^HTTP\/1\.1 4\d\d/, 'the request under way was answered')
    }
  )
})

/** A form whose last bytes are sent late: its request is under way in between. */
function slowPost(server: ServerProcess, path: string) {
  const body = 'login=olga&password=wrong'
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
  let text = ''
  const answer = new Promise<string>((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    socket.on('close', () => resolve(text)).on('error', reject)
  })
  const started = new Promise<void>((resolve) => {
    socket.on('connect', () => {
      const head = `POST ${path} HTTP/1.1\r\nhost: ${server.host}\r\norigin: ${server.origin}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`
      socket.write(head + body.slice(0, 10), () => setTimeout(resolve, 200))
    })
  })
  return { started, answer, finish: () => socket.write(body.slice(10)) }
}

test('a second server on the same SQLite data refuses with a sentence', {
  skip: isShared && 'on SQLite only',
  timeout: 60_000
}, async (t) => {
  const first = await placeFor(t, 'red')
  await first.start()
  const second = await placeFor(t, 'blue', { DATA_DIR: first.dataDir, ORIGIN: first.origin })
  const { code } = await second.startAndEnd()
  assert.equal(code, 1)
  assert.match(
    second.output(),
    /^Another Skerry already serves the database in .+; stop it first, or give this one a DATA_DIR of its own\.\n$/
  )
  assert.equal((await first.visitor().get('/livez')).status, 200)
})

test('a start that the system refuses ends with one sentence and no stack', async (t) => {
  const { startAndEnd, output } = await placeFor(t, 'nowhere', { DATA_DIR: '/dev/null/data' })
  assert.equal((await startAndEnd()).code, 1)
  assert.match(
    output(),
    /^The directory \/dev\/null\/data \(DATA_DIR\) cannot be made .*: set DATA_DIR to a directory that this user may write to\.\n$/
  )
  const elsewhere = await placeFor(t, 'elsewhere', { HOST: '192.0.2.1' })
  assert.equal((await elsewhere.startAndEnd()).code, 1)
  assert.match(elsewhere.output(), /The system refuses: .*EADDRNOTAVAIL.*192\.0\.2\.1.*\.\n$/)
  assert.doesNotMatch(elsewhere.output(), /^ +at /m)
})
