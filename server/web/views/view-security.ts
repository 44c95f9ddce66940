import type { FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import { passkeysMax, passkeysOf } from '#server/sign-in/passkeys.ts'
import { asksSecondStep, findWaysIn, type WaysIn } from '#server/sign-in/ways-in.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import type { SecurityPartView, SettingsSecurityView } from '#server/web/views/security-views.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const home = '/settings/security'
/** So few recovery codes left are worth a word. */
const fewCodes = 3

export async function viewSecurity(request: FastifyRequest): Promise<SettingsSecurityView> {
  const { t } = request
  const { ctx } = request.server
  const { user } = request.who as Person
  const ways = await findWaysIn(ctx.db, user)
  const passkeys = await passkeysOf(ctx.db, user.accountId)
  return {
    tabs: settingsTabs(request, 'security'),
    warnings: warningsOf(request, ways),
    parts: [codeAppPart(request, ways), recoveryPart(request, ways), passkeyPart(request, ways), passwordPart(request, ways)],
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt, isBackedUp }) => ({
      name,
      text: [
        t('passkey.added', { time: viewTime(request, createdAt).date }),
        lastUsedAt === null ? t('passkey.neverUsed') : t('passkey.used', { time: viewTime(request, lastUsedAt).text }),
        t(isBackedUp ? 'passkey.backedUp' : 'passkey.oneDevice')
      ].join(' · '),
      path: `${home}/passkeys/${id}`,
      label: t('passkey.changeName', { name })
    })),
    addPath: passkeys.length < passkeysMax ? `${home}/passkeys/new` : undefined,
    isFull: passkeys.length >= passkeysMax
  }
}

function warningsOf({ t }: FastifyRequest, ways: WaysIn): string[] {
  const needsCodes = asksSecondStep(ways) || !ways.hasPassword
  if (!needsCodes) return []
  if (ways.recoveryCount === 0) return [t('recovery.none')]
  return ways.recoveryCount <= fewCodes ? [t('recovery.few', { count: ways.recoveryCount })] : []
}

function codeAppPart({ t }: FastifyRequest, { hasCodeApp, hasPassword }: WaysIn): SecurityPartView {
  const start = { path: `${home}/code-app/start`, label: t('codeApp.setUp'), name: undefined, tone: 'primary' as const }
  return {
    id: 'code-app',
    heading: t('codeApp.heading'),
    stateText: t(hasCodeApp ? 'settings.on' : 'settings.off'),
    isOn: hasCodeApp,
    lead: t(hasPassword ? 'codeApp.lead' : 'codeApp.withoutPassword'),
    buttons: hasCodeApp || !hasPassword ? [] : [start],
    links: hasCodeApp ? [{ path: `${home}/code-app`, label: t('codeApp.switchOff') }] : [],
    hasList: false
  }
}

function recoveryPart({ t }: FastifyRequest, { recoveryCount }: WaysIn): SecurityPartView {
  return {
    id: 'recovery',
    heading: t('recovery.heading'),
    stateText: t('recovery.left', { count: recoveryCount }),
    isOn: recoveryCount > 0,
    lead: t('recovery.lead'),
    buttons: [],
    links: [{ path: `${home}/recovery-codes`, label: t(recoveryCount > 0 ? 'recovery.makeNew' : 'recovery.make') }],
    hasList: false
  }
}

function passkeyPart({ t }: FastifyRequest, { passkeyCount, asksPasskey, hasPassword }: WaysIn): SecurityPartView {
  const asked = { path: `${home}/passkey-asked`, label: t(asksPasskey ? 'passkey.notAskedSubmit' : 'passkey.askedSubmit') }
  return {
    id: 'passkeys',
    heading: t('passkey.heading'),
    stateText: t('passkey.count', { count: passkeyCount }),
    isOn: passkeyCount > 0,
    lead: t(asksPasskey ? 'passkey.leadAsked' : 'passkey.lead'),
    buttons: [],
    links: hasPassword && (passkeyCount > 0 || asksPasskey) ? [asked] : [],
    hasList: true
  }
}

function passwordPart({ t }: FastifyRequest, { hasPassword, passkeyCount }: WaysIn): SecurityPartView {
  const change = { path: '/settings/account', label: t(hasPassword ? 'waysIn.changePassword' : 'waysIn.choosePassword') }
  const remove = { path: `${home}/password-removal`, label: t('waysIn.removePassword') }
  return {
    id: 'password',
    heading: t('settings.password'),
    stateText: t(hasPassword ? 'waysIn.passwordSet' : 'waysIn.passwordNone'),
    isOn: hasPassword,
    lead: t(hasPassword ? 'waysIn.passwordLead' : 'waysIn.passkeyOnly'),
    buttons: [],
    links: hasPassword && passkeyCount > 0 ? [change, remove] : [change],
    hasList: false
  }
}
