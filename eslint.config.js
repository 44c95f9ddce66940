// Biome does everything else; these rules need types, and they find the one mistake it cannot see: a query that was built and
// never awaited (drizzle's queries are thenables, not promises).
import tseslint from 'typescript-eslint'

// The runner waits for its tests itself.
const testCalls = { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] }
// Fastify's reply and instance can be awaited, and need not be: their methods chain.
const replies = { from: 'package', package: 'fastify', name: ['FastifyReply', 'FastifyInstance'] }

export default tseslint.config({
  files: ['**/*.ts'],
  ignores: ['node_modules/**'],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': [
      'error',
      { checkThenables: true, allowForKnownSafeCalls: [testCalls], allowForKnownSafePromises: [replies] }
    ],
    '@typescript-eslint/no-misused-promises': 'error'
  }
})
