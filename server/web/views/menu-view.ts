/** An entry of a menu: a link, or a button of the page's one form for acts. */
export interface MenuItemView {
  /** Finished text that names whom it is about: "Mute @bo". */
  label: string
  path: string
  /** A button that posts; else a link. */
  isAct: boolean
  /** A link to another server. */
  isElsewhere: boolean
  /** Shown in the colour of warnings. */
  isDanger: boolean
}

/** A link in a menu. */
export function link(label: string, path: string): MenuItemView {
  return { label, path, isAct: false, isElsewhere: false, isDanger: false }
}

/** A button in a menu: posts without asking, so only for what can be undone. */
export function act(label: string, path: string): MenuItemView {
  return { label, path, isAct: true, isElsewhere: false, isDanger: false }
}
