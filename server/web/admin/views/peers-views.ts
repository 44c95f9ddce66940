import type { AdminView } from '#server/web/admin/views/admin-views.ts'
import type { ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { PagerView } from '#server/web/views/post-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

export interface AdminPeersView extends AdminView {
  query: InputView
  state: ChoiceView
  peers: {
    host: string
    path: string
    /** "mastodon 4.6.0", or that nobody knows. */
    software: string
    /** "12 people known, 3 deliveries wait". */
    text: string
    /** How it fares, in words; undefined while all is well. */
    trouble: string | undefined
    /** "in touch 2 min ago". */
    lastText: string
  }[]
  pager: PagerView
}

export interface AdminPeerView extends AdminView {
  host: string
  figures: { label: string; value: string }[]
  /** Why nothing is sent at the moment, or what fails. */
  trouble: string | undefined
  lastError: string | undefined
  limitText: string | undefined
  tryPath: string
  /** Undefined for those who may not, and when nothing waits. */
  dropPath: string | undefined
  limitPath: string
  whyPath: string
  dead: { label: string; error: string; attempts: number; time: TimeView }[]
  refusals: { text: string; why: string; time: TimeView }[]
}

export interface AdminWhyView extends AdminView {
  input: InputView
  person: InputView
  /** Undefined before anything was asked. */
  steps:
    | { part: string; text: string; error: string | undefined; state: 'done' | 'failed' | 'open'; isBad: boolean; toneText: string }[]
    | undefined
}

export interface AdminFirstContactView extends AdminView {
  path: string
  error: string | undefined
  /** Undefined for moderators, who see what stands and may act on single servers. */
  form: { mode: ChoiceView; days: InputView; newHostsPerHour: InputView } | undefined
  strangers: {
    host: string
    time: TimeView
    /** "3 people known, 12 activities held back". */
    text: string
    trustPath: string
    trustName: string
    dropPath: string | undefined
    dropName: string
    limitPath: string
  }[]
  hasMore: boolean
}
