import { z } from 'zod';

/** A list of users, as a meta node answers. */
export interface UsersAnswer {
  readonly users: readonly {
    readonly name: string;
    readonly hash?: string | null | undefined;
    /** Read elsewhere: a record of zod's leaves out the database `__proto__`. */
    readonly permissions?: unknown;
  }[];
}

/** A list of roles. Go writes an empty list as null or not at all. */
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
