import type { Messages } from '#server/platform/messages.ts'

/** Messages that scripts say, `script.newPosts`: they are filled in the browser. */
const area = 'script'

/** The file that a page of a language names; scripts ask for it when they first have something to say. */
export function wordFileName(language: string): string {
  return `words-${language}.json`
}

/** One file a language, by its name. */
export function wordFiles(messages: Messages): Record<string, string> {
  return Object.fromEntries(
    messages.languages.map((language) => [wordFileName(language), JSON.stringify(messages.area(language, area))] as const)
  )
}
