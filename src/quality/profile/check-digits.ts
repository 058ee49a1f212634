/** Whether a text is the number of a payment card: 13 to 19 digits that pass Luhn's check. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, "")
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** Whether a text is an IBAN: its check digits leave 1 modulo 97. */
export function isIban(text: string): boolean {
  const plain = text.replaceAll(" ", "")
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return false
  const moved = plain.slice(4) + plain.slice(0, 4)
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}
