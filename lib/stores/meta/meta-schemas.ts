import { z } from 'zod';

/** A meta node's answer with a list of users. */
export interface UsersAnswer {
  readonly users: readonly {
    readonly name: string;
    readonly hash?: string | null | undefined;
    /** Checked in meta-answers.ts: a record of zod would leave out the database `__proto__`. */
    readonly permissions?: unknown;
  }[];
}

/** A meta node's answer with a list of roles. Go writes an empty list as null or not at all. */
export interface RolesAnswer {
  readonly roles?:
    | readonly {
        readonly permissions?: unknown;
        readonly users?: readonly string[] | null | undefined;
      }[]
    | null
    | undefined;
}

const permissions = z.unknown().optional();

export const usersSchema: z.ZodType<UsersAnswer> = z.object({
  users: z.array(z.object({ name: z.string(), hash: z.string().nullish(), permissions })),
});

export const rolesSchema: z.ZodType<RolesAnswer> = z.object({
  roles: z.array(z.object({ permissions, users: z.array(z.string()).nullish() })).nullish(),
});
