import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Options } from 'nodemailer/lib/mailer'
import { Hopeless } from '#server/jobs/job-run.ts'
import type { Clock } from '#server/platform/clock.ts'

/** Without SMTP the newest so many mails are kept; their links are short-lived anyway. */
export const mailFilesMax = 1_000

const subjectCharactersMax = 200
/** How long a mail server may take to answer (ms) at each step. */
const connectMs = 10_000
const answerMs = 20_000

/** One mailbox and nothing that a header or an SMTP command could be built from: no space, comma, angle bracket or control character. */
const address = /^[^\s\p{Cc}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]{1,253}$/u

/** Answers to RCPT that say this mailbox will never take our mail (RFC 5321, 4.2.3). */
const refusedForGood = new Set([550, 551, 553])

export interface Mail {
  to: string
  subject: string
  /** Plain text; lines may be of any length. */
  text: string
}

export interface Mailer {
  /** True when no mail server is configured and mails are only written to files: the admin panel says so. */
  readonly isToFile: boolean
  /** Resolves once the server (or the disk) has it. Throws otherwise; Hopeless when trying again cannot help. */
  send(mail: Mail): Promise<void>
  /** For `doctor`: connects and signs in, or looks whether the folder can be written. Throws a plain sentence. */
  verify(): Promise<void>
}

interface MailerOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; empty writes RFC 5322 files. */
  smtpUrl: string
  /** `Name <address>` or an address alone. */
  from: string
  /** Folder for mails when there is no mail server. */
  dir: string
  clock: Clock
}

export function createMailer({ smtpUrl, from, dir, clock }: MailerOptions): Mailer {
  const compose = (mail: Mail) => composeMail(mail, from, clock.now())
  return smtpUrl === '' ? mailToFiles(dir, compose, clock) : mailToServer(smtpUrl, compose)
}

function mailToServer(smtpUrl: string, compose: (mail: Mail) => Options): Mailer {
  const transport = createTransport({ url: smtpUrl, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: answerMs })
  return {
    isToFile: false,
    async send(mail) {
      try {
        await transport.sendMail(compose(mail))
      } catch (error) {
        throw isRefusedForGood(error) ? new Hopeless(`The mail server refuses the recipient: ${(error as Error).message}`) : error
      }
    },
    async verify() {
      try {
        await transport.verify()
      } catch (error) {
        throw new Error(`The mail server does not take our mail: ${(error as Error).message}`, { cause: error })
      }
    }
  }
}

function mailToFiles(dir: string, compose: (mail: Mail) => Options, clock: Clock): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    isToFile: true,
    async send(mail) {
      const { message } = await transport.sendMail(compose(mail))
      // Names sort by time; the mails hold links that open accounts, so nobody else may read them.
      const name = `${new Date(clock.now()).toISOString().replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.eml`
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const draft = join(dir, `${name}.part`)
      await writeFile(draft, message as Buffer, { mode: 0o600, flush: true })
      await rename(draft, join(dir, name))
      await removeOldest(dir)
    },
    async verify() {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      try {
        await access(dir, constants.W_OK)
      } catch (error) {
        throw new Error(`Mails cannot be written to ${dir}: ${(error as Error).message}`, { cause: error })
      }
    }
  }
}

/** Whatever people typed ends up as one address and one subject line, so that no header can be smuggled in. */
function composeMail({ to, subject, text }: Mail, from: string, now: number): Options {
  if (!address.test(to)) throw new Hopeless('The address of a mail is no single mailbox.')
  return {
    from,
    to: { name: '', address: to },
    subject: subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, subjectCharactersMax),
    text,
    date: new Date(now),
    // Tells autoresponders to keep quiet (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true
  }
}

function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return code === 'EENVELOPE' && refusedForGood.has(Number(responseCode))
}

async function removeOldest(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.eml')).sort()
  for (const name of names.slice(0, Math.max(0, names.length - mailFilesMax))) await rm(join(dir, name), { force: true })
}
