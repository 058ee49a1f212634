import * as z from "zod"
import { customerSchema, customersSchema, errorsSchema, querySchema } from "../metrics/query.ts"
import { noteSchema } from "./annotations.ts"

/** The description of the server for programs (OpenAPI 3.1); the question's part is what checks it. */
export function openApi(): Record<string, unknown> {
  const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })
  const asking = (schema: string) => ({
    parameters: [
      {
        name: "q",
        in: "query",
        required: true,
        description: "The question, as JSON.",
        content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
      },
    ],
  })
  const responses = (description: string) => ({
    200: {
      description,
      content: { "application/json": {} },
      headers: { ETag: { description: "The published version.", schema: { type: "string" } } },
    },
    304: { description: "As If-None-Match says: nothing was published since." },
    401: { description: "Nobody signed in, or the token does not hold (only where sign-in is needed)." },
    403: { description: "A viewer asks for what is personal." },
    400: { description: "The question is wrong; the reply says how, and what could be asked." },
    503: { description: "Too many ask at once." },
    504: { description: "The answer took too long." },
  })
  const changed = {
    204: { description: "Done." },
    403: { description: "A viewer may not, or the request comes from elsewhere." },
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cartwright",
      version: "1",
      description:
        "Numbers of a shop's published version. Where the server is reached from other machines, send a token that `cartwright users token <name>` made.",
    },
    security: [{ token: [] }, {}],
    paths: {
      "/api/shop": {
        get: { summary: "The shop: its version, metrics and dimensions.", responses: responses("The shop.") },
      },
      "/api/data": {
        get: {
          summary: "What was delivered, where every row went, and which screens fail.",
          responses: responses("The data sets."),
        },
      },
      "/api/errors": {
        get: {
          summary: "The records that fail a screen, with file and line.",
          ...asking("Errors"),
          responses: responses("The records."),
        },
      },
      "/api/lineage": {
        get: { summary: "From delivered data sets to marts.", responses: responses("The tables.") },
      },
      "/api/runs": {
        get: { summary: "The newest runs.", responses: { 200: { description: "The runs." } } },
      },
      "/api/query": {
        get: { summary: "Answers a question.", ...asking("Question"), responses: responses("The rows.") },
      },
      "/api/explain": {
        get: {
          summary: "What an answer is made of: definitions, SQL, models, deliveries, screens.",
          ...asking("Question"),
          responses: responses("The explanation."),
        },
      },
      "/api/export": {
        get: {
          summary: "Answers a question as a file.",
          parameters: [
            ...asking("Question").parameters,
            { name: "format", in: "query", schema: { enum: ["csv", "parquet"], default: "csv" } },
          ],
          responses: { ...responses("The rows."), 200: { description: "The file." } },
        },
      },
      "/api/annotations": {
        get: { summary: "Notes on dates.", responses: { 200: { description: "By day." } } },
        post: {
          summary: "Adds a note on a date; admins only.",
          requestBody: {
            content: {
              "application/json": { schema: z.toJSONSchema(noteSchema, { unrepresentable: "any" }) },
            },
          },
          responses: changed,
        },
      },
      "/api/annotations/{id}": {
        delete: {
          summary: "Removes a note; admins only.",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          responses: { ...changed, 404: { description: "There is none of that id." } },
        },
      },
      "/api/session": {
        get: {
          summary: "Who asks, and as what.",
          responses: {
            200: { description: "Name and role; no name where nobody needs to sign in." },
            401: { description: "Nobody signed in." },
          },
        },
      },
      "/api/customers": {
        get: {
          summary: "Customers behind a number of the segments' metrics.",
          ...asking("Customers"),
          responses: responses("The customers."),
        },
      },
      "/api/customer": {
        get: {
          summary: "One customer: versions, orders, sessions.",
          ...asking("Customer"),
          responses: responses("The customer."),
        },
      },
      "/api/version": {
        get: {
          summary: "The version that answers come from now.",
          responses: { 200: { description: "Its name." } },
        },
      },
    },
    components: {
      schemas: {
        Question: schemaOf(querySchema),
        Customers: schemaOf(customersSchema),
        Customer: schemaOf(customerSchema),
        Errors: schemaOf(errorsSchema),
      },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  }
}
