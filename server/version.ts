/** Version of the code, as others see it. */
export const version = '0.1.0'
