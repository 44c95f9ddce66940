import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'

export type HostsFile = (name: string) => Promise<string[]>

/**
 * Looks names up in the system's hosts file, which operators and container runtimes write and which DNS itself does not know.
 * The file is read again when it has changed; a machine without one has no such names.
 */
export function createHostsFile(path: string): HostsFile {
  let version = ''
  let names = new Map<string, string[]>()
  return async (name) => {
    const found = await versionOf(path)
    if (found !== version) {
      names = found === '' ? new Map() : parseHosts(await readFile(path, 'utf8'))
      version = found
    }
    return names.get(name) ?? []
  }
}

async function versionOf(path: string): Promise<string> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return file === undefined ? '' : `${file.mtimeMs} ${file.size} ${file.ino}`
}

/** Lines of an address and its names (hosts(5)); comments start with `#`. */
export function parseHosts(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = (line.split('#')[0] ?? '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const alias of aliases) names.set(alias.toLowerCase(), [...(names.get(alias.toLowerCase()) ?? []), address])
  }
  return names
}
