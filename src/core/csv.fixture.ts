/** How a plain CSV file is written, as files are described. */
export const PLAIN_CSV = {
  format: "csv",
  compression: "none",
  encoding: "utf-8",
  delimiter: ",",
  quote: '"',
  header: true,
} as const
