import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

/** Every CSS file of the static folder, in the order of their names, is served joined under this one name. */
export const styleSheetName = 'skerry.css'

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8'
}
const compressible = new Set(['.css', '.js', '.svg', '.txt'])

export interface Asset {
  /** `/static/<hash>/<name>`: the address changes with the content, so it may be cached for a year and is `immutable`. */
  path: string
  contentType: string
  body: Buffer
  /** The same in Brotli for those who accept it; undefined where it would not be smaller. */
  brotliBody: Buffer | undefined
}

export interface Assets {
  /** From file name (`skerry.css`, `logo.svg`) to address. */
  paths: Record<string, string>
  /** The asset at an address (path without query), or undefined. */
  find(path: string): Asset | undefined
}

/** Reads the static folder once into memory (tens of kilobytes); the door serves from there. */
export function loadAssets(staticDir: string): Assets {
  const names = readdirSync(staticDir)
    .filter((name) => extname(name) in contentTypes)
    .sort()
  const styles = names.filter((name) => name.endsWith('.css'))
  const files = names.filter((name) => !name.endsWith('.css')).map((name) => [name, readFileSync(join(staticDir, name))] as const)
  const joined = styles.map((name) => slim(readFileSync(join(staticDir, name), 'utf8'))).join('\n')
  const assets = [[styleSheetName, Buffer.from(joined)] as const, ...files].map(([name, body]) => [name, toAsset(name, body)] as const)
  const byPath = new Map(assets.map(([, asset]) => [asset.path, asset]))
  return { paths: Object.fromEntries(assets.map(([name, asset]) => [name, asset.path])), find: (path) => byPath.get(path) }
}

/** Comments and indentation are for those who read the source. */
function slim(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

function toAsset(name: string, body: Buffer): Asset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  const extension = extname(name)
  return {
    path: `/static/${hash}/${name}`,
    contentType: contentTypes[extension]!,
    body,
    brotliBody: compressible.has(extension) ? compress(body) : undefined
  }
}

function compress(body: Buffer): Buffer | undefined {
  const compressed = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  return compressed.length < body.length ? compressed : undefined
}
