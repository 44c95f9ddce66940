// database: none
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findViolations, type Rules } from '#test/architecture/find-violations.ts'

const root = join(import.meta.dirname, '..')
const features = [
  'accounts',
  'sign-in',
  'apps',
  'posts',
  'drafts',
  'polls',
  'interactions',
  'follows',
  'profiles',
  'timelines',
  'lists',
  'conversations',
  'notifications',
  'media',
  'emoji',
  'search',
  'filters',
  'trends',
  'previews',
  'imports',
  'first-run',
  'peers',
  'moderation',
  'retention',
  'backup',
  'doctor'
]
const folders = (names: string[]) => names.map((name) => `server/${name}/`)

const doesByHand = 'A row of an import does what its person could do by hand, with the same checks and the same facts.'

/** Who may know whom: process -> app, commands -> doors -> features -> ground -> db. */
const rules: Rules = {
  parts: {
    process: ['server/main.ts', 'server/serve.ts'],
    commands: ['server/commands/'],
    joints: ['server/wiring.ts', 'server/reactions.ts', 'server/schedules.ts'],
    app: ['server/app.ts'],
    doors: folders(['web', 'api', 'federation']),
    context: ['server/context.ts'],
    features: folders(features),
    ground: [
      'server/jobs/',
      'server/platform/',
      'server/config/',
      'server/config.ts',
      'server/errors.ts',
      'server/facts.ts',
      'server/version.ts'
    ],
    db: ['db/']
  },
  mayKnow: {
    process: ['commands', 'joints', 'app', 'context', 'features', 'ground', 'db'],
    commands: ['process', 'joints', 'context', 'features', 'ground', 'db'],
    joints: ['doors', 'features', 'ground', 'db'],
    app: ['doors', 'features', 'ground', 'db'],
    doors: ['features', 'ground', 'db'],
    context: ['features', 'ground', 'db'],
    features: ['ground', 'db'],
    ground: ['db'],
    db: []
  },
  apart: ['doors'],
  // What a request, a job or a transaction is handed: everybody names its type, nobody below main.ts makes one.
  typesForAll: ['server/context.ts', 'server/config.ts', 'server/facts.ts', 'server/version.ts'],
  packages: [
    { name: /^drizzle-(orm|kit)/, what: 'the query builder', only: ['db/', 'server/jobs/', ...folders(features)] },
    {
      name: /^(@fastify\/|fastify$)/,
      what: 'the web framework',
      only: ['server/app.ts', ...folders(['web', 'api', 'federation'])],
      typesAnywhere: false
    },
    { name: /^@fedify\//, what: 'ActivityPub', only: ['server/federation/'] },
    { name: /^http-signature$/, what: 'signing and verifying', only: ['server/federation/'] },
    { name: /^handlebars/, what: 'the template language', only: ['server/web/render.ts', 'server/platform/mail.ts'] },
    { name: /^(pg|pg-.*|@aws-sdk\/.*)$/, what: 'a client of a server', only: ['server/platform/', 'server/jobs/', 'db/dialects/'] },
    { name: /^better-sqlite3$/, what: 'the SQLite driver', only: ['db/dialects/'] },
    { name: /^(undici|node:(https?|http2|tls|dgram|dns)(\/.*)?)$/, what: 'calling out', only: ['server/platform/'], typesAnywhere: true },
    { name: /^nodemailer/, what: 'sending mail', only: ['server/platform/'] },
    { name: /^prom-client$/, what: 'counting', only: ['server/platform/'] }
  ],
  words: [
    { pattern: /process\.env/, what: 'reads the environment, which belongs to server/config.ts', only: ['server/config.ts'] },
    { pattern: /\bDate\.now\b|\bnew Date\(\)/, what: 'asks the system for the time; ask ctx.clock', only: ['server/platform/clock.ts'] },
    { pattern: /\bMath\.random\(/, what: 'draws its own luck; ask ctx.random', only: [] },
    {
      pattern: /\brandom(Bytes|UUID|Int)\b|getRandomValues/,
      what: 'draws its own luck; ask ctx.random',
      only: ['server/platform/', 'db/dialects/']
    },
    { pattern: /(?<![.\w])fetch\(/, what: 'calls out past ctx.http', only: [] },
    { pattern: /(?<!settings)\.(get|all|run)\(\)/, what: 'runs a query synchronously, which PostgreSQL cannot', only: ['db/dialects/'] },
    { pattern: /\bconsole\./, what: 'writes past the log', only: ['server/commands/', 'db/generate-migrations.ts'] },
    { pattern: /\bTemporal\./, what: 'uses Temporal, which Node 24 does not have', only: ['server/federation/'] }
  ],
  // An action takes the Context and opens a transaction of its own; what takes a `tx` joins the caller's.
  noForeignActions: {
    part: 'features',
    isAction: (source, name) => /\.transact\(/.test(source) && new RegExp(`function ${name}(<[^>]*>)?\\(\\s*ctx\\b`).test(source)
  },
  linesMax: 300,
  exceptions: [
    {
      file: 'server/commands/demo/browser.ts',
      to: 'node:http',
      why: 'It plays a person at a browser, on this machine alone.'
    },
    {
      file: 'server/commands/demo/start-island.ts',
      to: 'reads the environment, which belongs to server/config.ts',
      why: 'The processes it starts inherit the environment, without what would configure them.'
    },
    {
      file: 'server/emoji/add-emoji.ts',
      to: 'server/media/store-images.ts',
      why: 'Its picture is stored as every picture is: bytes first, then the rows that name them, in one transaction.'
    },
    {
      file: 'server/emoji/copy-emoji.ts',
      to: 'server/media/fetch-remote-media.ts',
      why: 'A copy is fetched as every picture of others is, and only read here: nothing is written by it.'
    },
    {
      file: 'server/drafts/publish-draft.ts',
      to: 'server/posts/publish-post.ts',
      why: 'A draft becomes its post in one transaction: what else would publishing it be?'
    },
    { file: 'server/imports/do-row.ts', to: 'server/follows/block-account.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/follows/follow-account.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/follows/hide-domain.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/follows/mute-account.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/lists/change-lists.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/lists/list-members.ts', why: doesByHand },
    { file: 'server/imports/do-row.ts', to: 'server/posts/bookmark-post.ts', why: doesByHand },
    {
      file: 'server/previews/fetch-preview.ts',
      to: 'server/media/fetch-remote-media.ts',
      why: 'The picture of a page is fetched as the first look at any picture does; nothing else would know when.'
    },
    { file: 'server/platform/settings.ts', to: 'drizzle-orm', why: 'The table of settings belongs to no feature; each of them asks it.' },
    {
      file: 'server/platform/server-lock.ts',
      to: 'better-sqlite3',
      why: 'It holds a lock file of its own, apart from the database that db/ opens.'
    },
    {
      file: 'server/platform/storage.ts',
      to: 'asks the system for the time; ask ctx.clock',
      why: 'It compares with the times of files, which come from the system too.'
    }
  ]
}

test('the house keeps its own rules', () => {
  const paths = globSync(['server/**/*.ts', 'db/**/*.ts', 'views/**/*.hbs'], { cwd: root })
  const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  assert.deepEqual(findViolations(sources, rules), [])
})

/** A file that breaks a rule, and what must be said of it. */
const planted: [string, string, RegExp][] = [
  ['server/web/a.ts', "import { toNote } from '#server/federation/to-note.ts'", /doors never import one another/],
  ['server/web/a.ts', "import {\n  type Note,\n  toNote\n} from '#server/api/to-note.ts'", /doors never import one another/],
  ['server/web/a.ts', "const { toNote } = await import('#server/federation/to-note.ts')", /doors never import one another/],
  ['server/posts/a.ts', "import type { Page } from '#server/web/page.ts'", /\(features\) imports server\/web\/page\.ts \(doors\)/],
  ['server/posts/a.ts', "export { page } from '#server/web/page.ts'", /\(doors\), which it may not know/],
  ['server/posts/a.ts', "import { createContext } from '#server/context.ts'", /\(context\), which it may not know/],
  ['server/platform/a.ts', "import { findPost } from '#server/posts/find-post.ts'", /\(ground\) imports .* \(features\)/],
  ['db/a.ts', "import '#server/errors.ts'", /\(db\) imports server\/errors\.ts \(ground\)/],
  [
    'server/follows/a.ts',
    "import { publishPost } from '#server/posts/publish-post.ts'",
    /calls publishPost, the action of another feature/
  ],
  ['server/odd/a.ts', '', /belongs to no part of the house/],
  ['server/posts/a.ts', "import { b } from './b.ts'", /write #server/],
  ['server/posts/a.ts', "import { b } from '#server/posts/b'", /without its ending/],
  ['server/web/a.ts', "import { eq } from 'drizzle-orm'", /the query builder belongs to/],
  ['server/posts/a.ts', "import fastify from 'fastify'", /the web framework belongs to/],
  ['server/posts/a.ts', "import type { FastifyRequest } from 'fastify'", /the web framework belongs to/],
  ['server/peers/a.ts', "import { Note } from '@fedify/fedify/vocab'", /ActivityPub belongs to/],
  ['server/web/pages/a.ts', "import Handlebars from 'handlebars'", /the template language belongs to/],
  ['server/web/a.ts', "import pg from 'pg'", /a client of a server belongs to/],
  ['server/media/a.ts', "import { request } from 'node:https'", /calling out belongs to/],
  ['server/web/a.ts', 'const port = process.env.PORT', /line 1: reads the environment/],
  ['server/posts/a.ts', '\n\nconst now = Date.now()', /line 3: asks the system for the time/],
  ['server/posts/a.ts', 'const now = new Date()', /asks the system for the time/],
  ['server/posts/a.ts', 'const clock = { now: Date.now }', /asks the system for the time/],
  ['server/jobs/a.ts', 'const jitter = Math.random()', /draws its own luck/],
  ['server/posts/a.ts', "import { randomUUID } from 'node:crypto'", /draws its own luck/],
  ['server/media/a.ts', 'const answer = await fetch(url)', /calls out past ctx\.http/],
  ['server/posts/a.ts', 'const rows = db.select().from(posts).all()', /runs a query synchronously/],
  ['server/web/a.ts', "console.log('here')", /writes past the log/],
  ['server/posts/a.ts', 'line\n'.repeat(301), /has 301 lines/],
  [
    'server/posts/a.ts',
    "import { b } from '#server/posts/b.ts'",
    /in a circle: server\/posts\/a\.ts -> server\/posts\/b\.ts -> server\/posts\/a\.ts/
  ],
  ['views/pages/a.hbs', '<p>{{{name}}}</p>', /\{\{\{name\}\}\} unescaped/],
  ['views/pages/a.hbs', '<p>{{& post.name }}</p>', /unescaped/],
  ['views/pages/a.hbs', '<p>{{{ htmlTitle }}}</p>', /unescaped/]
]

const innocent: [string, string][] = [
  ['server/posts/publish-post.ts', 'export async function publishPost(ctx) { await ctx.transact(async (tx) => {}) }'],
  [
    'server/posts/find-post.ts',
    "import { eq } from 'drizzle-orm'\nimport type { Context } from '#server/context.ts'\nimport { posts } from '#db/schema/posts.ts'"
  ],
  ['server/posts/b.ts', "import { a } from '#server/posts/a.ts'"],
  ['server/timelines/home.ts', "import { findPost } from '#server/posts/find-post.ts'\n// never process.env, Date.now() or fetch() here"],
  [
    'server/web/home.ts',
    "import type { IncomingMessage } from 'node:http'\nconst settings = await ctx.settings.get()\nconst body = await ctx.http.fetch(url)"
  ],
  ['db/schema/posts.ts', "import type { Post } from '#db/schema/types.ts'"],
  ['db/schema/types.ts', "import { posts } from '#db/schema/posts.ts'\nconst day = new Date(ms)"],
  ['views/pages/home.hbs', '<main>{{name}} {{{contentHtml}}} {{{view.bodyHtml}}}</main>']
]

test('what keeps the rules is left in peace', () => {
  assert.deepEqual(findViolations(new Map(innocent), rules), [])
})

for (const [path, source, expected] of planted) {
  test(`a planted violation is found: ${path} with ${JSON.stringify(source.slice(0, 80))}`, () => {
    const violations = findViolations(new Map([...innocent, [path, source]]), rules)
    assert.equal(violations.length, 1, violations.join('\n'))
    assert.match(violations[0]!, expected)
  })
}

test('an exception lets pass what it names, and has to go when nothing needs it', () => {
  const excepted: Rules = { ...rules, exceptions: [{ file: 'server/web/a.ts', to: 'drizzle-orm', why: 'a test' }] }
  assert.deepEqual(findViolations(new Map([['server/web/a.ts', "import { eq } from 'drizzle-orm'"]]), excepted), [])
  assert.match(findViolations(new Map([['server/web/a.ts', '']]), excepted)[0]!, /is not needed/)
})
