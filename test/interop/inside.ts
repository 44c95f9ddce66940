import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBots } from '#test/interop/bots/server.ts'
import { certificatesIn } from '#test/interop/certificates.ts'
import { NotPossible, preparePackages } from '#test/interop/debian-packages.ts'
import { createMatrix } from '#test/interop/matrix.ts'
import { setUpNetwork } from '#test/interop/namespace.ts'
import { startNginx } from '#test/interop/nginx.ts'
import { addresses, cacheDir, names, packages, ports } from '#test/interop/places.ts'
import { attach } from '#test/interop/scenes/attachments.ts'
import { live } from '#test/interop/scenes/lives.ts'
import { answer, change, write } from '#test/interop/scenes/posts.ts'
import { meetRobots } from '#test/interop/scenes/robots.ts'
import { meet, part } from '#test/interop/scenes/relations.ts'
import { type Skerry, startSkerry } from '#test/interop/skerry.ts'
import { type Snac, startSnac } from '#test/interop/snac.ts'

const dir = process.argv[2] ?? ''
const robotsLibrary = process.argv[3] ?? ''
const only = process.argv[4] ?? ''

// The first process of the namespaces: whatever it started ends with it.
process.exit(await run())

async function run(): Promise<number> {
  const tree = preparePackages(cacheDir, packages)
  const certificates = certificatesIn(dir)
  try {
    setUpNetwork(tree, dir, certificates.authority, {
      [names.skerry]: addresses.skerry,
      [names.snac]: addresses.snac,
      [names.robots]: addresses.robots
    })
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error
    console.error(`The interoperability tests cannot run here, and nothing was tested.\n${error.message}`)
    return 2
  }
  console.log(
    `Skerry with ${tree.versions.filter((each) => /^(snac2|nginx)_/.test(each)).join(', ')}, activitypub.bot, Node ${process.version}\n`
  )
  startNginx(tree, join(dir, 'nginx'), certificates, [
    { name: names.skerry, address: addresses.skerry, port: ports.skerry },
    { name: names.snac, address: addresses.snac, port: ports.snac },
    { name: names.robots, address: addresses.robots, port: ports.robots }
  ])
  const snac = await startSnac(tree, join(dir, 'snac'), `https://${names.snac}`, ports.snac)
  const skerry = await startSkerry(join(dir, 'skerry'), `https://${names.skerry}`, ports.skerry, certificates.authority)
  const bots =
    robotsLibrary === ''
      ? undefined
      : await startBots(robotsLibrary, `https://${names.robots}`, ports.robots, certificates.authority, join(dir, 'robots.log'))
  const matrix = createMatrix()
  try {
    // Who signs up first owns the instance.
    const ada = await skerry.signUp('ada')
    if (bots) await meetRobots({ matrix, bots, ada: await skerry.signUp('eda') })
    if (only !== 'robots') {
      const people = {
        ada,
        bo: await skerry.signUp('bo'),
        sam: await snac.addUser('sam'),
        kim: await snac.addUser('kim')
      }
      const world = { matrix, skerry, snac, ...people }
      for (const play of [meet, write, answer, attach, change, live, part]) await play(world)
    }
  } finally {
    keepLogs(skerry, snac)
  }
  matrix.print()
  return matrix.failures > 0 ? 1 : 0
}

function keepLogs(skerry: Skerry, snac: Snac): void {
  writeFileSync(join(dir, 'skerry.log'), skerry.output())
  writeFileSync(join(dir, 'snac.log'), snac.output())
}
