import { z } from 'zod';

/** A part of a JSON document, such as a JSON Schema. */
export type Part = Readonly<Record<string, unknown>>;

/** An object with these properties and no others, all of them there but the optional ones. */
export function closed(required: Part, optional: Part = {}): Part {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A list of values. */
export function listOf(items: Part): Part {
  return { type: 'array', items };
}

/** One of some texts. */
export function oneOf(values: readonly string[]): Part {
  return { type: 'string', enum: values };
}

/** Refers to a schema of the document. */
export function ref(name: string): Part {
  return { $ref: `#/components/schemas/${name}` };
}

/** The JSON Schema of what a schema of the server accepts. */
export function acceptedBy(schema: z.ZodType): Part {
  const described = Object.entries(z.toJSONSchema(schema, { io: 'input' }));
  return Object.fromEntries(described.filter(([key]) => key !== '$schema'));
}
