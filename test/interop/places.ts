import { join } from 'node:path'

/** Where what was fetched is kept between runs. */
export const cacheDir = join(import.meta.dirname, '../../node_modules/.cache/interop')

/** What comes from Debian: the other server, the proxy in front of both, and two tools that not every machine has. */
export const packages = ['snac2', 'nginx-light', 'iproute2', 'openssl'] as const

export const names = { skerry: 'skerry.example', snac: 'snac.example', robots: 'robots.example' } as const

/** Addresses like any on the internet; inside the namespace they are ours. */
export const addresses = { skerry: '193.0.14.10', snac: '193.0.14.20', robots: '193.0.14.30' } as const

export const ports = { skerry: 3000, snac: 8001, robots: 8010 } as const
