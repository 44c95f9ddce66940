/** What this house uses of it; the package brings no types. */
declare module 'qrcode' {
  interface Options {
    type: 'svg'
    /** Modules of white around the picture. */
    margin: number
    errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H'
  }
  const qrcode: { toString(text: string, options: Options): Promise<string> }
  export default qrcode
}
