import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { adminRoutes } from '#server/web/admin/routes.ts'
import { aboutRoutes } from '#server/web/pages/about.ts'
import { accountActRoutes } from '#server/web/pages/account-acts.ts'
import { approvalRoutes } from '#server/web/pages/approvals.ts'
import { authorizeRoutes } from '#server/web/pages/authorize.ts'
import { composeEditRoutes } from '#server/web/pages/compose-edit.ts'
import { composeRoutes } from '#server/web/pages/compose.ts'
import { confirmRoutes } from '#server/web/pages/confirm.ts'
import { filterPostRoutes } from '#server/web/pages/filter-post.ts'
import { describeImagesRoutes } from '#server/web/pages/describe-images.ts'
import { draftRoutes } from '#server/web/pages/drafts.ts'
import { exploreRoutes } from '#server/web/pages/explore.ts'
import { frontRoutes } from '#server/web/pages/front.ts'
import { conversationRoutes } from '#server/web/pages/conversations.ts'
import { importRoutes } from '#server/web/pages/imports.ts'
import { welcomeRoutes } from '#server/web/pages/welcome.ts'
import { homeRoutes } from '#server/web/pages/home.ts'
import { listMemberRoutes } from '#server/web/pages/list-members.ts'
import { listRoutes } from '#server/web/pages/lists.ts'
import { mediaRoutes } from '#server/web/pages/media.ts'
import { notificationRoutes } from '#server/web/pages/notifications.ts'
import { ownerRoutes } from '#server/web/pages/owner.ts'
import { passwordRoutes } from '#server/web/pages/password.ts'
import { peopleRoutes } from '#server/web/pages/people.ts'
import { postActRoutes } from '#server/web/pages/post-acts.ts'
import { profileRoutes } from '#server/web/pages/profile.ts'
import { reactionRoutes } from '#server/web/pages/reactions.ts'
import { searchRoutes } from '#server/web/pages/search.ts'
import { redraftRoutes } from '#server/web/pages/redraft.ts'
import { reportRoutes } from '#server/web/pages/report.ts'
import { scriptRoutes } from '#server/web/pages/script-routes.ts'
import { settingsAccountRoutes } from '#server/web/pages/settings-account.ts'
import { settingsAppsRoutes } from '#server/web/pages/settings-apps.ts'
import { settingsCodeAppRoutes } from '#server/web/pages/settings-code-app.ts'
import { settingsDeletionRoutes } from '#server/web/pages/settings-deletion.ts'
import { settingsPasskeyRoutes } from '#server/web/pages/settings-passkeys.ts'
import { settingsProofRoutes } from '#server/web/pages/settings-proof.ts'
import { settingsSecurityRoutes } from '#server/web/pages/settings-security.ts'
import { settingsAppearanceRoutes } from '#server/web/pages/settings-appearance.ts'
import { settingsFiltersRoutes } from '#server/web/pages/settings-filters.ts'
import { settingsMovingRoutes } from '#server/web/pages/settings-moving.ts'
import { settingsPostingRoutes } from '#server/web/pages/settings-posting.ts'
import { settingsPrivacyRoutes } from '#server/web/pages/settings-privacy.ts'
import { settingsProfileRoutes } from '#server/web/pages/settings-profile.ts'
import { settingsServersRoutes } from '#server/web/pages/settings-servers.ts'
import { settingsRoutes } from '#server/web/pages/settings.ts'
import { settingsSessionsRoutes } from '#server/web/pages/settings-sessions.ts'
import { signInRoutes } from '#server/web/pages/sign-in.ts'
import { signInStepRoutes } from '#server/web/pages/sign-in-step.ts'
import { signUpRoutes } from '#server/web/pages/sign-up.ts'
import { styleRoutes } from '#server/web/pages/style.ts'
import { threadRoutes } from '#server/web/pages/thread.ts'
import { tagRoutes } from '#server/web/pages/tags.ts'
import { timelineChoiceRoutes } from '#server/web/pages/timeline-choices.ts'
import { timelineRoutes } from '#server/web/pages/timelines.ts'
import { parseForms } from '#server/web/parse-forms.ts'
import { staticRoutes } from '#server/web/static-routes.ts'

/** The pages for browsers. A page's routes stand in the file of its name. */
export async function webRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  await parseForms(app)
  staticRoutes(app)
  await mediaRoutes(app, ctx)

  // Who one is.
  signInRoutes(app, ctx)
  signInStepRoutes(app, ctx)
  signUpRoutes(app, ctx)
  ownerRoutes(app, ctx)
  confirmRoutes(app, ctx)
  passwordRoutes(app, ctx)
  settingsRoutes(app)
  settingsProfileRoutes(app, ctx)
  settingsPrivacyRoutes(app, ctx)
  settingsAccountRoutes(app, ctx)
  settingsDeletionRoutes(app, ctx)
  settingsSecurityRoutes(app, ctx)
  settingsCodeAppRoutes(app, ctx)
  settingsPasskeyRoutes(app, ctx)
  settingsProofRoutes(app, ctx)
  settingsSessionsRoutes(app, ctx)
  settingsAppsRoutes(app, ctx)
  authorizeRoutes(app, ctx)
  settingsAppearanceRoutes(app, ctx)
  settingsMovingRoutes(app, ctx)
  settingsPostingRoutes(app, ctx)
  settingsFiltersRoutes(app, ctx)
  settingsServersRoutes(app, ctx)

  // What one reads and writes.
  welcomeRoutes(app, ctx)
  importRoutes(app, ctx)
  homeRoutes(app, ctx)
  timelineRoutes(app, ctx)
  timelineChoiceRoutes(app, ctx)
  tagRoutes(app, ctx)
  listRoutes(app, ctx)
  listMemberRoutes(app, ctx)
  conversationRoutes(app, ctx)
  threadRoutes(app, ctx)
  composeRoutes(app, ctx)
  composeEditRoutes(app, ctx)
  draftRoutes(app, ctx)
  describeImagesRoutes(app, ctx)
  redraftRoutes(app, ctx)
  postActRoutes(app, ctx)
  reactionRoutes(app, ctx)
  filterPostRoutes(app, ctx)
  searchRoutes(app, ctx)
  exploreRoutes(app, ctx)
  scriptRoutes(app, ctx)

  // Who is here, and how one stands to them.
  frontRoutes(app, ctx)
  aboutRoutes(app, ctx)
  styleRoutes(app)
  profileRoutes(app, ctx)
  peopleRoutes(app, ctx)
  accountActRoutes(app, ctx)
  notificationRoutes(app, ctx)
  approvalRoutes(app, ctx)

  // Who keeps it in order.
  reportRoutes(app, ctx)
  await app.register(async (panel) => adminRoutes(panel, ctx), { prefix: '/admin' })
}
