import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAddressRules } from '#server/platform/address-rules.ts'

const rules = createAddressRules([])

test('private and special addresses are refused, from the first to the last of each range', () => {
  const refused = `
    0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.255
    169.254.0.0 169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255
    198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::7f00:3 ::ffff:127.0.0.3 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:3 64:ff9b::808:808 64:ff9b:1::1 100::1
    2001::1 2001:0:7f00:3:: 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1 2002:7f00:3:: 2002:808:808::1 3fff::1
    5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 febf::1 fec0::1 feff::1 ff00::1 ff02::1 4000::1`
  for (const address of refused.trim().split(/\s+/)) assert.ok(rules.refusalOf(address), address)
})

test('public addresses are not refused, up to the edge of each special range', () => {
  const allowed = `
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0
    172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 168.63.129.17
    2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a01:4f8::1 3ffe:ffff::1`
  for (const address of allowed.trim().split(/\s+/)) assert.equal(rules.refusalOf(address), undefined, address)
})

test('an allowed address opens itself, in any spelling, and nothing beside it', () => {
  const some = createAddressRules(['127.0.0.2', 'FD00:0::1'])
  assert.equal(some.refusalOf('127.0.0.2'), undefined)
  assert.equal(some.refusalOf('fd00::1'), undefined)
  for (const address of ['127.0.0.3', '127.0.0.1', '::ffff:127.0.0.2', '::7f00:2', '64:ff9b::7f00:2', 'fd00::2'])
    assert.ok(some.refusalOf(address), address)
})

test('what is no strict address is refused, and refuses to be configured', () => {
  for (const address of ['', '127.1', '0x7f000003', '2130706435', '0177.0.0.3', 'fe80::1%eth0', '1.1.1.1 ', 'localhost', '[::1]']) {
    assert.ok(rules.refusalOf(address), address)
    assert.throws(() => createAddressRules([address]), /allowAddresses/)
  }
})
