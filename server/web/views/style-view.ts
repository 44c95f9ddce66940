/** A drawing of a rule of the look, or an example of it. */
export interface StyleSample {
  label: string
  /** A piece of a page with its own drawings, shown apart from the others so that ids do not clash. */
  html: string
}

/** The page of style: everything that pages are made of, with sample data. */
export interface StyleView {
  /** Address of the style sheet, for the pieces. */
  stylesheet: string
  /** Address of what only this page needs. */
  pageStylesheet: string
  /** Name of a token and its size in words ("1.0625rem · 17 px"), the largest first. */
  sizes: { token: string; name: string; text: string }[]
  sampleText: string
  /** Every colour in every scheme; `contrastText` stands at colours of text ("7.1:1"). */
  schemes: {
    heading: string
    theme: 'light' | 'dark'
    isContrast: boolean
    colours: { token: string; value: string; contrastText: string }[]
  }[]
  /** `pixels` is the width of the bar. */
  spaces: { token: string; text: string; pixels: number }[]
  states: StyleSample[]
  /** `source` is what a partial makes that is no markup of its own: attributes, or what nobody sees. */
  parts: { name: string; id: string; outputs: { html: string; source: string }[] }[]
}
