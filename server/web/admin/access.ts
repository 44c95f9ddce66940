/** For moderators, and never in any cache. */
export const moderators = { access: 'moderator', cache: 'none' } as const
export const admins = { access: 'admin', cache: 'none' } as const
