import { z } from 'zod';

/** What is granted, by database. Names and anything else that is not known are left out later. */
export type GrantedPermissions = Record<string, unknown[] | null | undefined> | null | undefined;

/** A list of users, as a meta node answers. */
export interface UsersAnswer {
  readonly users: readonly {
    readonly name: string;
    readonly hash?: string | null | undefined;
    readonly permissions?: GrantedPermissions;
  }[];
}

/** A list of roles. Go writes an empty list as null or not at all. */
export interface RolesAnswer {
  readonly roles?:
    | readonly {
        readonly permissions?: GrantedPermissions;
        readonly users?: readonly string[] | null | undefined;
      }[]
    | null
    | undefined;
}

const permissions = z.record(z.string(), z.array(z.unknown()).nullish()).nullish();

export const usersSchema: z.ZodType<UsersAnswer> = z.object({
  users: z.array(z.object({ name: z.string(), hash: z.string().nullish(), permissions })),
});

export const rolesSchema: z.ZodType<RolesAnswer> = z.object({
  roles: z.array(z.object({ permissions, users: z.array(z.string()).nullish() })).nullish(),
});
