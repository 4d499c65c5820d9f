import Ajv2020 from 'ajv/dist/2020.js';
import { z } from 'zod';
import { openApiDocument } from '../../lib/openapi/document.js';

const answerSchema = z.object({
  $ref: z.string().optional(),
  content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
});
const operationSchema = z.object({
  operationId: z.string(),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
    .optional(),
  responses: z.record(z.string(), answerSchema),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ responses: z.record(z.string(), answerSchema) }),
});

/** The document as clients read it. */
export const DOCUMENT: unknown = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));

const { paths, components } = documentSchema.parse(DOCUMENT);

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(z.record(z.string(), z.unknown()).parse(DOCUMENT), 'api');

/** An exchange: a request to a path by a method, and its answer. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The document of the request; undefined if there is none, or if it is not to be judged. */
  readonly sent?: unknown;
  readonly status: number;
  /** The document of the answer; undefined if there is none. */
  readonly answered: unknown;
}

/** The contradictions of an exchange to the document, a line each. */
export function contradictions({ method, target, sent, status, answered }: Exchange): string[] {
  const [path = ''] = target.split('?');
  const template = Object.keys(paths).find((each) =>
    new RegExp(`^${each.replaceAll('{name}', '[^/]+')}$`).test(path),
  );
  const found = paths[template ?? '']?.[method.toLowerCase()];
  if (found === undefined) return [`${method} ${path} is not described`];
  const { requestBody, responses } = operationSchema.parse(found);
  const answer = answerOf(responses, status);
  if (answer === undefined) return [`${method} ${path}: ${String(status)} is not described`];
  return [...mistakes(requestBody?.content, sent), ...mistakes(answer.content, answered)].map(
    (mistake) => `${method} ${target} ${String(status)}: ${mistake}`,
  );
}

type Answer = z.infer<typeof answerSchema>;

function answerOf(answers: Readonly<Record<string, Answer>>, status: number): Answer | undefined {
  const answer = answers[String(status)];
  const named = answer?.$ref?.split('/').at(-1);
  return named === undefined ? answer : components.responses[named];
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>;

function mistakes(content: Content | undefined, document: unknown): string[] {
  if (document === undefined) return [];
  const described = content?.['application/json'];
  if (described === undefined) return ['a document that is not described'];
  const schema: unknown = JSON.parse(JSON.stringify(described.schema).replaceAll('"#/', '"api#/'));
  const check = ajv.compile(z.record(z.string(), z.unknown()).parse(schema));
  if (check(document)) return [];
  return (check.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
