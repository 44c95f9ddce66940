/** What the settings that admins change may be, in the configuration file and on the page alike. Texts are counted in UTF-16 units. */
export const instanceNameCharactersMax = 200
export const descriptionCharactersMax = 10_000
export const ruleCharactersMax = 1_000
export const rulesMax = 100
export const sourceUrlCharactersMax = 500
export const postCharactersLimit = { min: 1, max: 100_000 }
