import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What this machine cannot do or does not have; the tests did not run, which is neither a pass nor a failure. */
export class NotPossible extends Error {}

/** A file system tree of Debian packages, apart from the system's own, and programs that run in it with its own C library. */
export interface PackageTree {
  readonly root: string
  /** Names and versions of what was unpacked, such as `snac2_2.96-1_amd64`. */
  readonly versions: readonly string[]
  /** The command line that runs a program of the tree, such as `usr/bin/snac`, with the tree's libraries. */
  command(program: string): string[]
}

const suite = 'unstable'
const usualMirror = 'http://deb.debian.org/debian'
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const fetchMsMax = 5 * 60_000
const machines: Record<string, { triplet: string; loader: string }> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' }
}

/**
 * Fetches packages of Debian's unstable suite with all they depend on and unpacks them below `cacheDir`, where the next run finds them. apt does it, from
 * the mirror and through the proxy this machine is set up for, with signatures checked, in a state of its own: the system is not touched.
 * @param isFresh whether to fetch them again, for newer versions
 */
export function preparePackages(cacheDir: string, packages: readonly string[], isFresh = false): PackageTree {
  const machine = machines[process.arch]
  if (process.platform !== 'linux' || !machine)
    throw new NotPossible(`Linux on x64 or arm64 is needed; this is ${process.platform} on ${process.arch}.`)
  const wanted = packages.join(' ')
  const stamp = join(cacheDir, 'packages.txt')
  const [kept, ...versions] = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim().split('\n') : []
  if (isFresh || kept !== wanted) return treeAt(cacheDir, machine, fetchPackages(cacheDir, packages, stamp))
  return treeAt(cacheDir, machine, versions)
}

function treeAt(cacheDir: string, { triplet, loader }: { triplet: string; loader: string }, versions: string[]): PackageTree {
  const root = join(cacheDir, 'root')
  const libraries = join(root, 'usr/lib', triplet)
  return {
    root,
    versions,
    command: (program) => [join(libraries, loader), '--library-path', libraries, join(root, program)]
  }
}

function fetchPackages(cacheDir: string, packages: readonly string[], stamp: string): string[] {
  if (!existsSync(keyring))
    throw new NotPossible(`${keyring} is missing (package debian-archive-keyring): what is fetched could not be checked.`)
  const state = join(cacheDir, 'apt')
  const unpacked = join(cacheDir, 'unpacking')
  for (const path of [state, unpacked]) rmSync(path, { recursive: true, force: true })
  const config = writeAptState(state)
  try {
    console.log(`Fetching ${packages.join(', ')} from Debian ${suite} …`)
    run('apt-get', ['update', '-q'], config)
    run('apt-get', ['install', '-q', '-y', '--download-only', '--no-install-recommends', ...packages], config)
    const archives = globSync('cache/archives/*.deb', { cwd: state }).sort()
    mkdirSync(unpacked)
    for (const archive of archives) run('dpkg-deb', ['--extract', join(state, archive), unpacked], config)
    // Until here what was fetched before stays good.
    for (const path of [stamp, join(cacheDir, 'root')]) rmSync(path, { recursive: true, force: true })
    renameSync(unpacked, join(cacheDir, 'root'))
    const versions = archives.map((archive) => decodeURIComponent(archive.replace(/^.*\//, '').replace(/\.deb$/, '')))
    writeFileSync(stamp, [packages.join(' '), ...versions, ''].join('\n'))
    return versions
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

/** An apt that believes nothing is installed and knows one suite; its lists, archives and status lie in `state`. */
function writeAptState(state: string): string {
  for (const path of ['lists/partial', 'cache/archives/partial', 'none']) mkdirSync(join(state, path), { recursive: true })
  writeFileSync(join(state, 'status'), '')
  writeFileSync(join(state, 'sources.list'), `deb [signed-by=${keyring}] ${mirror()} ${suite} main\n`)
  const config = join(state, 'apt.conf')
  const settings: Record<string, string> = {
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
    'Dir::State::lists': join(state, 'lists'),
    'Dir::Cache': join(state, 'cache'),
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': join(state, 'none'),
    'Dir::Etc::preferencesparts': join(state, 'none'),
    // The user that apt becomes as root could not write here.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    // A mirror that cannot be reached is an error, not a warning.
    'APT::Update::Error-Mode': 'any'
  }
  writeFileSync(
    config,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join('')
  )
  return config
}

/** The mirror this machine's own apt uses for Debian itself, else the one that everybody may use. */
function mirror(): string {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(LABEL) $(SITE)', 'Created-By: Packages'], { encoding: 'utf8' })
  return /^Debian (https?:\S+)$/m.exec(stdout ?? '')?.[1] ?? usualMirror
}

function run(program: string, args: string[], aptConfig: string): void {
  const ended = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, APT_CONFIG: aptConfig, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: fetchMsMax
  })
  if (ended.error) throw new NotPossible(`${program} cannot be run: ${ended.error.message}`)
  if (ended.status !== 0)
    throw new NotPossible(
      `${program} ${args.join(' ')} failed:\n${`${ended.stdout}${ended.stderr}`.trim().split('\n').slice(-5).join('\n')}`
    )
}
