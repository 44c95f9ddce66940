import type { PostRow } from '#server/posts/find-post.ts'
import type { User } from '#server/accounts/who.ts'
import { type ChosenPolicies, choiceOf, type PolicyChoice, policyChoices } from '#server/interactions/policy-choices.ts'
import { policyColumns } from '#server/interactions/policy.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { Form } from '#server/web/form.ts'
import type { Typed } from '#server/web/typed.ts'
import type { ChoiceView } from '#server/web/views/form-view.ts'

export const policyFieldNames = Object.values(policyColumns)
type FieldName = (typeof policyFieldNames)[number]

/** Whom something may be left to; "people I follow" makes sense for replies alone. */
const offered: Record<FieldName, readonly PolicyChoice[]> = {
  canQuote: policyChoices.filter((choice) => choice !== 'followed'),
  canReply: policyChoices,
  canAnnounce: policyChoices.filter((choice) => choice !== 'followed'),
  canLike: policyChoices.filter((choice) => choice !== 'followed')
}

/** The fields for who may do what with a post: a select each, named as in `policyFieldNames`. */
export interface PolicyFieldsView {
  /** True when something else than the usual is chosen, or wrong. */
  isOpen: boolean
  fields: { name: FieldName; id: string; label: string; choice: ChoiceView }[]
}

/** The fields with what is typed, else what a post says already, else what its author's settings say. */
export function toPolicyFields(
  typed: Typed,
  stands: Pick<PostRow, FieldName> | undefined,
  user: Pick<User, 'defaultCanQuote' | 'defaultCanReply'> | undefined,
  t: Translate,
  names: readonly FieldName[] = policyFieldNames
): PolicyFieldsView {
  const usual = { canQuote: user?.defaultCanQuote ?? null, canReply: user?.defaultCanReply ?? null, canAnnounce: null, canLike: null }
  const fields = names.map((name) => ({
    name,
    id: `policy-${name}`,
    label: t(`policy.${name}`),
    choice: typed.choice(
      name,
      offered[name].map((value) => ({ value, label: t(`policy.${value}`, { field: name }) })),
      choiceOf((stands ?? usual)[name])
    )
  }))
  const isOpen = fields.some(
    ({ choice }) => choice.error !== undefined || choice.options.find(({ isSelected }) => isSelected)?.value !== 'everybody'
  )
  return { isOpen, fields }
}

/** What a form says of them; what it does not say is left as it is. */
export function policiesOf(form: Form): ChosenPolicies {
  return Object.fromEntries(policyFieldNames.filter((name) => form.has(name)).map((name) => [name, form.text(name) as PolicyChoice]))
}
