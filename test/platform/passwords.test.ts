import assert from 'node:assert/strict'
import { type Argon2Parameters, argon2 } from 'node:crypto'
import { test } from 'node:test'
import { Refusal } from '#server/errors.ts'
import { createPasswords, ownCost } from '#server/platform/passwords.ts'

const cheap = { memoryKib: 8, passes: 1, lanes: 1 }

/** Argon2 that counts what it is asked for: equal work is equal time, without measuring any. */
function countingArgon2() {
  const asked: Omit<Argon2Parameters, 'message' | 'nonce'>[] = []
  const derive = ({ message, nonce, ...cost }: Argon2Parameters) => {
    asked.push(cost)
    return new Promise<Buffer>((resolve, reject) =>
      argon2('argon2id', { message, nonce, ...cost }, (error, tag) => (error ? reject(error) : resolve(tag)))
    )
  }
  return { asked, derive }
}

test('A password is known by its hash, whichever way its letters were typed, and no other is', async () => {
  const passwords = createPasswords({ cost: cheap })
  const hash = await passwords.hash('smørbrød på brygga')
  assert.match(hash, /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(hash, await passwords.hash('smørbrød på brygga'))
  assert.equal(await passwords.verify(hash, 'smørbrød på brygga'), true)
  assert.equal(await passwords.verify(hash, 'smørbrød på brygga'.normalize('NFD')), true)
  assert.equal(await passwords.verify(hash, 'smørbrød på bryggå'), false)
  assert.equal(await passwords.verify(hash, ''), false)
})

test('A hash made by another program of the same standard is understood', async () => {
  // From the reference implementation: argon2id, "password", salt "somesalt", t=2, m=64 MiB, p=1.
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.equal(await createPasswords().verify(reference, 'password'), true)
  assert.equal(await createPasswords().verify(reference, 'passwort'), false)
})

test('Nobody costs as much work as somebody, and is never let in', async () => {
  const { asked, derive } = countingArgon2()
  const passwords = createPasswords({ cost: cheap, derive })
  const hash = await passwords.hash('correct horse')
  asked.length = 0
  assert.equal(await passwords.verify(hash, 'wrong'), false)
  assert.equal(await passwords.verify(undefined, 'wrong'), false)
  assert.equal(await passwords.verify(hash, 'correct horse'), true)
  assert.equal(asked.length, 3)
  assert.deepEqual(asked[0], asked[1])
  assert.deepEqual(asked[1], asked[2])
})

test('The cost is what OWASP asks for, stands in the hash, and a hash of another cost asks to be made anew', async () => {
  assert.ok(ownCost.memoryKib >= 19 * 1024 && ownCost.passes >= 2 && ownCost.lanes === 1)
  const [past, present] = [createPasswords({ cost: cheap }), createPasswords({ cost: { ...cheap, passes: 2 } })]
  const old = await past.hash('correct horse')
  assert.equal(await present.verify(old, 'correct horse'), true)
  assert.equal(present.needsRehash(old), true)
  assert.equal(present.needsRehash(await present.hash('correct horse')), false)
})

test('A flood of passwords is refused beyond a bounded queue, and two are worked on at once', async () => {
  let active = 0
  let activeMax = 0
  const releases: (() => void)[] = []
  const derive = async ({ tagLength }: Argon2Parameters) => {
    activeMax = Math.max(activeMax, ++active)
    await new Promise<void>((resolve) => releases.push(resolve))
    active -= 1
    return Buffer.alloc(tagLength)
  }
  const passwords = createPasswords({ cost: cheap, derive })
  const flood = Array.from({ length: 100 }, () =>
    passwords.hash('x').then(
      () => 'done',
      (error: unknown) => error
    )
  )
  const settled = Promise.all(flood)
  while (active > 0) {
    releases.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const outcomes = await settled
  assert.equal(activeMax, 2)
  assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 66)
  assert.ok(outcomes.every((outcome) => outcome === 'done' || (outcome instanceof Refusal && outcome.kind === 'too-many')))
})

test('A stored hash that is none is an error, and neither a yes nor a no', async () => {
  const passwords = createPasswords({ cost: cheap })
  for (const broken of [
    '',
    'plain',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  ]) {
    await assert.rejects(passwords.verify(broken, 'x'), /not in the argon2id PHC format/)
  }
})
