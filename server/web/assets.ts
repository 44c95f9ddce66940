import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

/** Every CSS file of the static folder whose name begins with a number is served joined under this one name, in that order. */
export const styleSheetName = 'skerry.css'

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8'
}
const compressible = new Set(['.css', '.js', '.json', '.svg', '.txt'])
/** How a script names another one of ours, as a string that stands alone: `from './words.js'`, `import('./live.js')`. */
const moduleNames = /(\bfrom |\bimport\(|\bimport )'\.\/([\w-]+\.js)'/g

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

/**
 * Reads the static folder once into memory (tens of kilobytes); the door serves from there. `made` are files that lie in no folder, by
 * their name. A script that imports what is not there, or itself in a circle, stops the start.
 */
export function loadAssets(staticDir: string, made: Record<string, string> = {}): Assets {
  const names = readdirSync(staticDir)
    .filter((name) => extname(name) in contentTypes)
    .sort()
  const textOf = (name: string) => readFileSync(join(staticDir, name), 'utf8')
  const sheets = names.filter((name) => name.endsWith('.css'))
  const styles = sheets.filter((name) => /^\d/.test(name))
  const single = sheets.filter((name) => !styles.includes(name)).map((name) => [name, slim(textOf(name))] as const)
  const scripts = names.filter((name) => name.endsWith('.js'))
  const files = names.filter((name) => !/\.(?:css|js)$/.test(name)).map((name) => [name, readFileSync(join(staticDir, name))] as const)
  const texts = Object.entries({
    ...made,
    ...Object.fromEntries(single),
    [styleSheetName]: styles.map((name) => slim(textOf(name))).join('\n')
  })
  const assets = [
    ...files.map(([name, body]) => [name, toAsset(name, body)] as const),
    ...texts.map(([name, text]) => [name, toAsset(name, Buffer.from(text))] as const),
    ...linkScripts(new Map(scripts.map((name) => [name, textOf(name)])))
  ]
  const byPath = new Map(assets.map(([, asset]) => [asset.path, asset]))
  return { paths: Object.fromEntries(assets.map(([name, asset]) => [name, asset.path])), find: (path) => byPath.get(path) }
}

/**
 * Scripts name each other by the addresses they are served at, which change with their content: an address is known once those of all that the
 * script imports are.
 */
function linkScripts(sources: ReadonlyMap<string, string>): Map<string, Asset> {
  const linked = new Map<string, Asset>()
  const link = (name: string, importedBy: readonly string[]): Asset => {
    const known = linked.get(name)
    if (known) return known
    const source = sources.get(name)
    if (source === undefined) throw new Error(`views/static/${importedBy.at(-1)} imports ./${name}, which is not there.`)
    if (importedBy.includes(name)) throw new Error(`views/static/${name} imports itself, by way of ${importedBy.join(', ')}.`)
    const text = slimScript(source).replace(moduleNames, (_all, before, imported) => {
      return `${before}'${link(imported, [...importedBy, name]).path}'`
    })
    const asset = toAsset(name, Buffer.from(text))
    linked.set(name, asset)
    return asset
  }
  for (const name of sources.keys()) link(name, [])
  return linked
}

/** Comments that stand on lines of their own, and indentation. No script of ours holds a text of several lines. */
function slimScript(source: string): string {
  return source.replace(/^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)[ \t]*\n/gm, '').replace(/^\s+/gm, '')
}

/** Comments and the space around braces, colons and commas are for those who read the source; no string of ours holds such a space. */
function slim(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/;\}/g, '}')
    .replace(/([\w-]): /g, '$1:')
    .replace(/, /g, ',')
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
