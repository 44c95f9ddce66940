import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NotPossible, type PackageTree } from '#test/interop/debian-packages.ts'

/** A network of its own, file systems mounted for it alone, and processes that end with the first of them. */
const flags = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child']

const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt'

/** Fails with NotPossible where the system does not let us make namespaces. */
export function checkNamespaces(): void {
  const { error, status, stderr } = spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' })
  if (error) throw new NotPossible(`unshare (package util-linux) cannot be run: ${error.message}`)
  if (status !== 0) {
    throw new NotPossible(
      `This system does not let us make a network of our own: ${stderr.trim()}\nIn a container, allow user namespaces; on a machine, see /proc/sys/user/max_user_namespaces.`
    )
  }
}

/** Runs a file of ours inside new namespaces and gives its exit code. Whatever it starts ends with it, and it ends with us. */
export async function runInside(file: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const child = spawn('unshare', [...flags, process.execPath, file, ...args], { stdio: 'inherit', env: { ...process.env, ...env } })
  const onSignal = () => child.kill('SIGKILL')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Gives this namespace its addresses and names. The addresses look public, so that nothing has to be relaxed for them; they lead nowhere else. */
export function setUpNetwork(tree: PackageTree, dir: string, authority: string, hosts: Readonly<Record<string, string>>): void {
  const [ip = '', ...before] = tree.command('usr/bin/ip')
  const call = (...args: string[]) => execFileSync(ip, [...before, ...args], { stdio: 'pipe' })
  call('link', 'set', 'lo', 'up')
  for (const address of Object.values(hosts)) call('address', 'add', `${address}/32`, 'dev', 'lo')
  const lines = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`)
  mountText(dir, '/etc/hosts', `127.0.0.1 localhost\n${lines.join('')}`)
  // Nobody answers for any other name: an address at which nothing listens says so at once.
  mountText(dir, '/etc/resolv.conf', 'nameserver 127.0.0.1\n')
  mountText(dir, '/etc/nsswitch.conf', 'hosts: files dns\npasswd: files\ngroup: files\n')
  // Whoever reads the system's authorities (as libcurl of Debian does, whatever the environment says) finds ours.
  mountFile(authority, systemAuthorities)
}

function mountText(dir: string, target: string, text: string): void {
  const source = join(dir, target.replaceAll('/', '-').slice(1))
  writeFileSync(source, text)
  mountFile(source, target)
}

function mountFile(source: string, target: string): void {
  if (!existsSync(target)) throw new NotPossible(`${target} is missing on this system, so it cannot be replaced for these processes.`)
  const { status, stderr } = spawnSync('mount', ['--bind', source, target], { encoding: 'utf8' })
  if (status !== 0) throw new NotPossible(`${target} cannot be replaced for these processes alone: ${stderr.trim()}`)
}
