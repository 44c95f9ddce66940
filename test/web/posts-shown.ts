import { textOf } from '#test/helpers/html.ts'

/** The words of the posts on a page, in their order. */
export function textsOf(html: string): string[] {
  return [...html.matchAll(/<article class="post"[\s\S]*?<\/article>/g)].map(([article]) => {
    const [, words = ''] = /<div class="content"[^>]*>([\s\S]*?)<\/div>/.exec(article) ?? []
    return textOf(words).replaceAll('# ', '#')
  })
}
