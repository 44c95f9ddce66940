export * from '#server/web/style/sample.ts'
