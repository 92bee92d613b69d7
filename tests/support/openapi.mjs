// Holds REST calls and their answers against Atlassian's OpenAPI documents, where those are at hand.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { ROOT } from "./place.mjs";

const DOCUMENTS = path.join(ROOT, "../shared/confluence-openapi");
const PREFIXES = { v1: "", v2: "/wiki/api/v2" };

/** Why the documents cannot be used; nothing if they can. */
export const missing = existsSync(path.join(DOCUMENTS, "v2.json"))
  ? undefined
  : "needs ../shared/confluence-openapi: Atlassian's descriptions of the REST API";

/** Both documents, ready to be asked. */
export function loadDocuments() {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
  addFormats(ajv);
  const parameters = new Ajv({ strict: false, allErrors: true, coerceTypes: "array" });
  addFormats(parameters);
  const documents = {};
  for (const version of Object.keys(PREFIXES)) {
    documents[version] = JSON.parse(readFileSync(path.join(DOCUMENTS, `${version}.json`), "utf8"));
    for (const one of [ajv, parameters]) one.addSchema(documents[version], version);
  }
  return new Documents(documents, ajv, parameters);
}

const escaped = (part) => part.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("%", "%25").replaceAll("{", "%7B").replaceAll("}", "%7D");

class Documents {
  constructor(documents, ajv, parameters) {
    Object.assign(this, { documents, ajv, parameters });
  }

  /** The operation a call is: literal paths win over those with parameters. */
  find(method, called) {
    const candidates = [];
    for (const [version, document] of Object.entries(this.documents)) {
      const prefix = PREFIXES[version];
      if (!called.startsWith(prefix)) continue;
      for (const [template, operations] of Object.entries(document.paths)) {
        const names = [...template.matchAll(/\{([^}]+)\}/g)].map((found) => found[1]);
        const pattern = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("([^/]+)");
        const found = called.slice(prefix.length).match(new RegExp(`^${pattern}$`));
        const operation = operations[method.toLowerCase()];
        if (!found || !operation) continue;
        const values = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1])]));
        candidates.push({ version, template, operations, operation, values, method: method.toLowerCase() });
      }
    }
    return candidates.sort((a, b) => Object.keys(a.values).length - Object.keys(b.values).length)[0];
  }

  #resolve(version, thing) {
    if (!thing?.$ref) return thing;
    return thing.$ref.split("/").slice(1).reduce((at, part) => at[part.replaceAll("~1", "/")], this.documents[version]);
  }

  #check(ajv, version, pointer, value) {
    const validate = ajv.getSchema(`${version}#${pointer}`) ?? ajv.compile({ $ref: `${version}#${pointer}` });
    return validate(value) ? [] : validate.errors.map((error) => `${error.instancePath || "/"} ${error.message}`);
  }

  /** What is wrong with a call: nothing, or sentences. */
  faultsOfCall({ method, path: called, query, request }) {
    const found = this.find(method, called);
    if (!found) return [`${method} ${called} is no operation`];
    const faults = [];
    const { version, template, operation, operations } = found;
    const place = `/paths/${escaped(template)}`;
    const described = [];
    (operations.parameters ?? []).forEach((one, index) => described.push([`${place}/parameters/${index}`, one]));
    (operation.parameters ?? []).forEach((one, index) => described.push([`${place}/${found.method}/parameters/${index}`, one]));
    const given = new URLSearchParams(query);
    for (const name of new Set(given.keys())) {
      if (!described.some(([, one]) => { const it = this.#resolve(version, one); return it.in === "query" && it.name === name; })) {
        faults.push(`the query parameter ${name} is not described`);
      }
    }
    for (const [pointer, raw] of described) {
      const one = this.#resolve(version, raw);
      const all = one.in === "path" ? [found.values[one.name]] : one.in === "query" ? given.getAll(one.name) : [];
      if (all.length === 0) {
        if (one.required && one.in === "query") faults.push(`the query parameter ${one.name} is required`);
        continue;
      }
      if (raw.$ref || !one.schema) continue;
      // Coerced inside an object: a bare value could not be.
      const holder = { type: "object", properties: { value: { $ref: `${version}#${pointer}/schema` } } };
      const validate = this.parameters.compile(holder);
      // A parameter described as one value may be given several times, as for several people.
      for (const value of one.schema.type === "array" ? [all] : all) {
        if (!validate({ value })) faults.push(...validate.errors.map((error) => `${one.in} ${one.name}: ${error.message}`));
      }
    }
    const body = this.#resolve(version, operation.requestBody);
    const bodyAt = operation.requestBody?.$ref?.slice(1) ?? `${place}/${found.method}/requestBody`;
    if (body?.required && request === null) faults.push("a body is required");
    if (request !== null && request !== undefined) {
      if (!body) faults.push("no body is described");
      else faults.push(...this.#check(this.ajv, version, `${bodyAt}/content/application~1json/schema`, request).map((text) => `body ${text}`));
    }
    return faults;
  }

  /** What is wrong with an answer: nothing, or sentences. */
  faultsOfAnswer({ method, path: called, status, response }) {
    const found = this.find(method, called);
    if (!found) return [];
    const { version, template, operation } = found;
    const described = operation.responses[status];
    // Gateways answer some refusals no operation describes.
    if (!described) return status >= 400 ? [] : [`the status ${status} is not described`];
    const schema = described.content?.["application/json"]?.schema;
    if (!schema || response === null) return schema && status < 300 ? ["a body is described, none was sent"] : [];
    const pointer = `/paths/${escaped(template)}/${found.method}/responses/${status}/content/application~1json/schema`;
    return this.#check(this.ajv, version, pointer, response).map((text) => `answer ${text}`);
  }
}
