import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'

test('a person signs in with name, handle or address, and out again', async (t) => {
  const instance = await startInstance(t)
  await instance.as('ana')
  for (const login of ['ana', '@Ana', 'ANA@mail.test']) {
    const guest = instance.guest()
    const signedIn = await guest.submit('/sign-in', { login, password: testPassword })
    assert.equal(signedIn.statusCode, 303, signedIn.body)
    assert.equal(signedIn.headers.location, '/home')
    assert.equal((await guest.get('/settings/account')).statusCode, 200)
    const signedOut = await guest.submit('/sign-out')
    assert.equal(signedOut.statusCode, 303)
    assert.equal((await guest.get('/settings/account')).statusCode, 303)
  }
})
