// Biome does everything else; these rules need types, and they find the one mistake it cannot see: a query that was built and
// never awaited (drizzle's queries are thenables, not promises).
import tseslint from 'typescript-eslint'

export default tseslint.config({
  files: ['**/*.ts'],
  ignores: ['node_modules/**'],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
    '@typescript-eslint/no-misused-promises': 'error'
  }
})
