import * as z from "zod"
import { querySchema } from "../metrics/query.ts"

/** The description of the server for programs (OpenAPI 3.1); the question's part is what checks it. */
export function openApi(): Record<string, unknown> {
  const question = z.toJSONSchema(querySchema, { io: "input", unrepresentable: "any" })
  const withQuestion = {
    parameters: [
      {
        name: "q",
        in: "query",
        required: true,
        description: "The question, as JSON.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Question" } } },
      },
    ],
  }
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
      "/api/query": {
        get: { summary: "Answers a question.", ...withQuestion, responses: responses("The rows.") },
      },
      "/api/explain": {
        get: {
          summary: "What an answer is made of: definitions, SQL, models, deliveries, screens.",
          ...withQuestion,
          responses: responses("The explanation."),
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
      "/api/version": {
        get: {
          summary: "The version that answers come from now.",
          responses: { 200: { description: "Its name." } },
        },
      },
    },
    components: {
      schemas: { Question: question },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  }
}
