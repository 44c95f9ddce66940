export * from '#server/web/style/samples.ts'
