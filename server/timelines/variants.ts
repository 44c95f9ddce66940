/**
 * Things made once for each of a few variants, when first asked for: queries whose words differ by rules, so that who has no use for a rule does not pay for it.
 * `variantsMax` says how few: a key that people could make up must not get here.
 */
export function perVariant<K extends object, T>(make: (variant: K) => T): (variant: K) => T {
  const made = new Map<string, T>()
  return (variant) => {
    const key = JSON.stringify(variant)
    let one = made.get(key)
    if (one === undefined) {
      if (made.size >= variantsMax) throw new Error(`More than ${variantsMax} variants: ${key}`)
      made.set(key, (one = make(variant)))
    }
    return one
  }
}

const variantsMax = 64
