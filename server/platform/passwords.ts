import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { createBoundedWork } from '#server/platform/bounded-work.ts'

/** What one hash costs: memory in KiB, passes over it, lanes. */
export interface PasswordCost {
  memoryKib: number
  passes: number
  lanes: number
}

/** The first choice of the OWASP password storage guide for argon2id: 19 MiB, two passes, one lane. */
export const ownCost: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

const saltBytes = 16
const tagBytes = 32
/** Hashes at once (each takes a thread and its memory), and how many more may wait for their turn. */
const activeMax = 2
const waitingMax = 64
/** A stored hash that asks for more than this is none of ours. */
const memoryKibMax = 1_048_576
const passesMax = 64
const lanesMax = 16

/** PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, base64 without padding. */
const phc = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

export interface Passwords {
  /** A PHC string with a salt of its own. Refusal `too-many` when too many hashes wait. */
  hash(password: string): Promise<string>
  /**
   * Whether this is the password behind the hash. For nobody (`undefined`: no such account) it does the same work and says no, so
   * that time does not tell who has an account. Refusal `too-many` when too many hashes wait.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Whether a hash was made at another cost than the present one; then a verified password is hashed anew. */
  needsRehash(hash: string): boolean
}

/** How a tag is computed from password and salt; tests count the calls. */
export type DeriveTag = (parameters: Argon2Parameters) => Promise<Buffer>

interface PasswordsOptions {
  /** Tests hash cheaply. */
  cost?: PasswordCost
  derive?: DeriveTag
}

interface ParsedHash {
  cost: PasswordCost
  salt: Buffer
  tag: Buffer
}

/** argon2id (RFC 9106) by Node's own crypto, on its thread pool and in bounded number. */
export function createPasswords({ cost = ownCost, derive = deriveByNode }: PasswordsOptions = {}): Passwords {
  const work = createBoundedWork({ activeMax, waitingMax, busyKey: 'errors.busy' })
  const nobody: ParsedHash = { cost, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) }

  function tagOf(password: string, salt: Buffer, atCost: PasswordCost, tagLength: number): Promise<Buffer> {
    const { memoryKib: memory, passes, lanes: parallelism } = atCost
    // The same letters typed on another keyboard may come as other code points: NFKC makes them one.
    const message = Buffer.from(password.normalize('NFKC'))
    return work.run(() => derive({ message, nonce: salt, memory, passes, parallelism, tagLength }))
  }

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      const tag = await tagOf(password, salt, cost, tagBytes)
      return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${encode(salt)}$${encode(tag)}`
    },
    async verify(hash, password) {
      const known = hash === undefined ? undefined : parseHash(hash)
      const { salt, tag, cost: itsCost } = known ?? nobody
      const found = await tagOf(password, salt, itsCost, tag.length)
      return timingSafeEqual(found, tag) && known !== undefined
    },
    needsRehash(hash) {
      const parsed = parseHash(hash).cost
      return parsed.memoryKib !== cost.memoryKib || parsed.passes !== cost.passes || parsed.lanes !== cost.lanes
    }
  }
}

function deriveByNode(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)))
  })
}

/** A stored hash that does not read is a fault of ours and not a wrong password, so it throws. */
function parseHash(hash: string): ParsedHash {
  const [, memory, passes, lanes, salt = '', tag = ''] = phc.exec(hash) ?? []
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const isSound = cost.memoryKib <= memoryKibMax && cost.passes <= passesMax && cost.lanes <= lanesMax
  if (!isSound) throw new Error('A stored password hash is not in the argon2id PHC format.')
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
