import type { Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { type PolicyColumn, policyColumns } from '#server/interactions/policy.ts'

/** What a person may choose from, and how each is kept; null leaves it to what goes without saying (see policyFor). */
const textOf = { everybody: null, followers: 'followers', followed: 'followed', ask: '| everybody', nobody: '' } as const

export type PolicyChoice = keyof typeof textOf

/** Choices in the order they are offered. */
export const policyChoices = Object.keys(textOf) as PolicyChoice[]

/** Policies of a post as its author chose them; absent leaves what stands. */
export type ChosenPolicies = Partial<Record<PolicyColumn, PolicyChoice>>

/** The columns for what was chosen. Refusal('invalid') for anything that is no choice. Pure. */
export function checkPolicies(chosen: ChosenPolicies): Partial<Record<PolicyColumn, string | null>> {
  const checked: Partial<Record<PolicyColumn, string | null>> = {}
  for (const field of Object.values(policyColumns)) {
    const choice = chosen[field]
    if (choice === undefined) continue
    if (!policyChoices.includes(choice)) throw new Refusal('invalid', 'errors.policyUnknown', {}, field)
    checked[field] = textOf[choice]
  }
  return checked
}

/** What a person's settings say of what they write. */
export function defaultPolicies(who: Who): { canQuote: string | null; canReply: string | null } {
  if (who.kind !== 'account') return { canQuote: null, canReply: null }
  return { canQuote: who.user.defaultCanQuote, canReply: who.user.defaultCanReply }
}

/** The choice that a kept policy came from; `everybody` for what goes without saying. Pure. */
export function choiceOf(text: string | null): PolicyChoice {
  return policyChoices.find((choice) => textOf[choice] === text) ?? 'everybody'
}
