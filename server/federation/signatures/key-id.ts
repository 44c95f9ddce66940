import { hostOf, plainHostOf } from '#server/platform/host-names.ts'
import { SignatureFault } from '#server/federation/signatures/claim.ts'

const keyIdCharactersMax = 2_048

/** Returns a keyId that is an absolute http(s) URL as it came; throws SignatureFault for anything else. Nothing is ever fetched from it. */
export function checkKeyId(keyId: string): string {
  const isSound = keyId.length <= keyIdCharactersMax && !/[\s\p{Cc}]/u.test(keyId)
  if (isSound && plainHostOf(keyId) !== undefined) return keyId
  const url = isSound ? URL.parse(keyId) : null
  if (url === null || url.username !== '' || url.password !== '' || hostOf(url) === undefined) {
    throw new SignatureFault('The keyId must be an http(s) URL.')
  }
  return keyId
}
