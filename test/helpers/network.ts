import type { SteerConnection } from '#server/platform/http-connector.ts'

/** The fediverse of one test: names such as `a.test` that lead to loopback ports over plain sockets, and nothing else. */
export interface Network {
  readonly connect: SteerConnection
  /** `host` as it stands in URLs (`a.test`, `a.test:8443`). */
  add(host: string, port: number): void
  remove(host: string): void
  /** Loopback port of a name, for clients of the test's own. */
  portOf(host: string): number | undefined
}

export function createNetwork(): Network {
  const ports = new Map<string, number>()
  return {
    connect(name, port) {
      const found = ports.get(port === 443 ? name : `${name}:${port}`)
      return found === undefined ? undefined : { host: '127.0.0.1', port: found }
    },
    add: (host, port) => void ports.set(host, port),
    remove: (host) => void ports.delete(host),
    portOf: (host) => ports.get(host)
  }
}
