import type { FastifyReply, FastifyRequest } from 'fastify'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import type { Typed } from '#server/web/typed.ts'
import type { LinkView } from '#server/web/views/form-view.ts'
import { viewProof } from '#server/web/views/proof-view.ts'

/** One dangerous change as a page: its words are finished texts. */
export interface Change {
  heading: string
  consequences: string[]
  path: string
  label: string
  isDangerous?: boolean
  /** Asks for a code besides. */
  asksCode?: boolean
  /** Asks for the account's name besides; its label. */
  nameLabel?: string
  tab?: 'security' | 'account'
  links?: LinkView[]
  isPossible?: boolean
  /** The page of the form, where a GET shows it. */
  pagePath?: string
}

export async function showChange(request: FastifyRequest, reply: FastifyReply, typed: Typed, change: Change): Promise<FastifyReply> {
  const { t } = request
  const tab = change.tab ?? 'security'
  const view = {
    tabs: settingsTabs(request, tab),
    heading: change.heading,
    consequences: change.consequences,
    path: change.path,
    error: typed.error,
    code: change.asksCode ? typed.input('code') : undefined,
    codeLabel: t('codeApp.codeOrRecovery'),
    name: change.nameLabel === undefined ? undefined : typed.input('name'),
    nameLabel: change.nameLabel ?? '',
    proof: await viewProof(request, typed, change.pagePath ?? change.path),
    label: change.label,
    isDangerous: change.isDangerous ?? false,
    cancelPath: `/settings/${tab}`,
    backLabel: t(`settings.${tab}`),
    links: change.links ?? [],
    isPossible: change.isPossible ?? true
  }
  return page(reply, 'settings-security-change', view, { title: change.heading, status: typed.status })
}
