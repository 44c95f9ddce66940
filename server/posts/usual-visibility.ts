import type { Visibility } from '#db/schema/posts.ts'
import type { User } from '#server/accounts/who.ts'

type Chooser = Pick<User, 'defaultVisibility' | 'keepsVisibility' | 'lastVisibility'>

/** What a new post of somebody begins with: what they chose last, where they want that kept, else what they chose for all. Pure. */
export function usualVisibility({ defaultVisibility, keepsVisibility, lastVisibility }: Chooser): Visibility {
  return (keepsVisibility ? lastVisibility : null) ?? defaultVisibility
}
