import type { Mail } from '#server/platform/mail.ts'
import type { Instance } from '#test/helpers/instance.ts'

/** Every mail the instance sends from now on; they are still written to its folder too. */
export function watchMails({ ctx: { mail } }: Instance): Mail[] {
  const sent: Mail[] = []
  const send = mail.send.bind(mail)
  Object.assign(mail, {
    async send(each: Mail) {
      sent.push(each)
      await send(each)
    }
  })
  return sent
}

/** Path of the first link in a mail. */
export function linkIn(mail: Mail | undefined): string {
  const [link] = /https?:\/\/\S+/.exec(mail?.text ?? '') ?? []
  if (link === undefined) throw new Error(`There is no link in the mail: ${mail?.text}`)
  return new URL(link).pathname
}
