import type { CommandSpec } from '#server/commands/run-command.ts'

/** What a group of commands is about, for `--help`. */
export const groups: Record<string, string> = {
  account: 'command.account',
  domain: 'command.domain',
  origin: 'command.origin',
  password: 'command.password'
}

const handle: [string, string] = ['<handle>', 'command.argHandle']
const dir: [string, string] = ['<dir>', 'command.argBackupDir']
const domain: [string, string] = ['<domain>', 'command.argDomain']
const reason = { flags: '--reason <text>', key: 'command.optReason' }

/** Every command of `npm run -s admin`: outsiders script against names, options, JSON and exit codes. Each is loaded when it is run. */
export const commands: readonly CommandSpec[] = [
  {
    path: 'account create',
    description: 'command.accountCreate',
    args: [['<name>', 'command.argName']],
    options: [
      { flags: '--email <address>', key: 'command.optEmail', isRequired: true },
      { flags: '--password <password>', key: 'command.optPassword', isRequired: true },
      { flags: '--role <role>', key: 'command.optRole', choices: ['owner', 'admin', 'moderator', 'person'] }
    ],
    ground: 'instance',
    load: () => import('#server/commands/account-create.ts')
  },
  {
    path: 'account list',
    description: 'command.accountList',
    options: [{ flags: '--search <text>', key: 'command.optSearch' }],
    ground: 'instance',
    load: () => import('#server/commands/account-list.ts')
  },
  {
    path: 'account suspend',
    description: 'command.accountSuspend',
    args: [handle],
    options: [reason],
    ground: 'instance',
    load: () => import('#server/commands/account-suspend.ts')
  },
  {
    path: 'account unsuspend',
    description: 'command.accountUnsuspend',
    args: [handle],
    options: [reason],
    ground: 'instance',
    load: () => import('#server/commands/account-unsuspend.ts')
  },
  {
    path: 'account role',
    description: 'command.accountRole',
    args: [handle, ['<role>', 'command.argRole']],
    ground: 'instance',
    load: () => import('#server/commands/account-role.ts')
  },
  {
    path: 'account reset-factors',
    description: 'command.accountResetFactors',
    args: [handle],
    options: [reason],
    ground: 'instance',
    load: () => import('#server/commands/account-reset-factors.ts')
  },
  {
    path: 'password reset-link',
    description: 'command.passwordResetLink',
    args: [['<name>', 'command.argName']],
    ground: 'instance',
    load: () => import('#server/commands/password-reset-link.ts')
  },
  {
    path: 'domain block',
    description: 'command.domainBlock',
    args: [domain],
    options: [{ flags: '--severity <severity>', key: 'command.optSeverity', choices: ['suspend', 'silence'], isRequired: true }, reason],
    ground: 'instance',
    load: () => import('#server/commands/domain-block.ts')
  },
  {
    path: 'domain unblock',
    description: 'command.domainUnblock',
    args: [domain],
    options: [{ flags: '--severity <severity>', key: 'command.optSeverityLifted', choices: ['suspend', 'silence'] }, reason],
    ground: 'instance',
    load: () => import('#server/commands/domain-unblock.ts')
  },
  { path: 'domain list', description: 'command.domainList', ground: 'instance', load: () => import('#server/commands/domain-list.ts') },
  {
    path: 'resolve',
    description: 'command.resolve',
    args: [['<address>', 'command.argAddress']],
    ground: 'instance',
    load: () => import('#server/commands/resolve.ts')
  },
  { path: 'jobs', description: 'command.jobs', ground: 'context', load: () => import('#server/commands/jobs.ts') },
  {
    path: 'jobs retry',
    description: 'command.jobsRetry',
    args: [['<id>', 'command.argJob']],
    ground: 'context',
    load: () => import('#server/commands/jobs-retry.ts')
  },
  {
    path: 'search-rebuild',
    description: 'command.searchRebuild',
    ground: 'context',
    load: () => import('#server/commands/search-rebuild.ts')
  },
  { path: 'doctor', description: 'command.doctor', ground: 'context', load: () => import('#server/commands/doctor.ts') },
  { path: 'owner-link', description: 'command.ownerLink', ground: 'instance', load: () => import('#server/commands/owner-link.ts') },
  {
    path: 'origin set',
    description: 'command.originSet',
    args: [['<url>', 'command.argOrigin']],
    ground: 'config',
    load: () => import('#server/commands/origin-set.ts')
  },
  { path: 'migrate', description: 'command.migrate', ground: 'config', load: () => import('#server/commands/migrate.ts') },
  { path: 'backup', description: 'command.backup', args: [dir], ground: 'context', load: () => import('#server/commands/backup.ts') },
  {
    path: 'backup verify',
    description: 'command.backupVerify',
    args: [dir],
    ground: 'config',
    load: () => import('#server/commands/backup-verify.ts')
  },
  {
    path: 'restore',
    description: 'command.restore',
    args: [dir],
    options: [{ flags: '--force', key: 'command.optForce' }],
    ground: 'config',
    load: () => import('#server/commands/restore.ts')
  }
]
