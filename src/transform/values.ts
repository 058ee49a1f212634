export { repr as pythonRepr, str as pythonStr } from "./jinja/values/text.ts"
