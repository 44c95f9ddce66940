import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'

export const filterPlaces = ['home', 'notifications', 'public', 'thread', 'account'] as const satisfies readonly FilterPlace[]
export const filterActions = ['warn', 'blur', 'hide'] as const satisfies readonly FilterAction[]

export const filterLimits = {
  /** A person. */
  filtersMax: 100,
  /** A filter, each. */
  keywordsMax: 50,
  postsMax: 200,
  keywordCharactersMax: 100,
  titleCharactersMax: 80
} as const
