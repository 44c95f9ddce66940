import { sampleAppPages } from '#server/web/style/app-pages.ts'
import { sampleReadingPages } from '#server/web/style/reading-pages.ts'
import { sampleMeetingPages } from '#server/web/style/meeting-pages.ts'
import { samplePollPages } from '#server/web/style/poll-pages.ts'
import { sampleEmojiPages } from '#server/web/style/emoji-pages.ts'
import { sampleDraftPages } from '#server/web/style/draft-pages.ts'
import { sampleQuotePages } from '#server/web/style/quote-pages.ts'
import { sampleExplorePages } from '#server/web/style/explore-pages.ts'
import { sampleListPages } from '#server/web/style/list-pages.ts'
import { sampleFirstRunPages } from '#server/web/style/first-run-pages.ts'
import { sampleFilterPages } from '#server/web/style/filter-pages.ts'
import { sampleEntryPages } from '#server/web/style/entry-pages.ts'
import { sampleSettingsPages } from '#server/web/style/settings-pages.ts'
import { sampleWritingPages } from '#server/web/style/writing-pages.ts'
import { sampleSecurityPages } from '#server/web/style/security-pages.ts'
import { sampleScriptPages } from '#server/web/style/script-pages.ts'
import { sampleAdminPeoplePages } from '#server/web/style/admin-people-pages.ts'
import { sampleAdminPeersPages } from '#server/web/style/admin-peers-pages.ts'
import { sampleAdminCarePages } from '#server/web/style/admin-care-pages.ts'
import type { SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** Every page of the program, with sample data: none of it comes from a database. */
export function samplePages(samples: Samples): SamplePage[] {
  return [
    ...sampleReadingPages(samples),
    ...sampleMeetingPages(samples),
    ...samplePollPages(samples),
    ...sampleDraftPages(samples),
    ...sampleQuotePages(samples),
    ...sampleExplorePages(samples),
    ...sampleListPages(samples),
    ...sampleFirstRunPages(samples),
    ...sampleFilterPages(samples),
    ...sampleEntryPages(samples),
    ...sampleSettingsPages(samples),
    ...sampleWritingPages(samples),
    ...sampleSecurityPages(samples),
    ...sampleAppPages(samples),
    ...sampleScriptPages(samples),
    ...sampleEmojiPages(samples),
    ...sampleAdminPeoplePages(samples),
    ...sampleAdminPeersPages(samples),
    ...sampleAdminCarePages(samples)
  ]
}
