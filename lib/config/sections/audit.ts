import type { SectionRows } from '../option.js';
import { optionalFile } from '../value-types.js';

/**
 * `[audit]`: the file in which `kapacitor-auth serve` notes who changed users and who was refused.
 */
export interface AuditConfig {
  /** Path of the file, as given; empty for standard output. */
  readonly path: string;
}

/**
 * `[audit]`: the file in which `kapacitor-auth serve` notes who changed users and who was refused.
 */
export interface AuditOptions {
  /** Path of the file. Default `''`: standard output. */
  readonly path?: string | undefined;
}

/** The rows of `[audit]`. */
export const auditRows: SectionRows<AuditConfig> = {
  path: {
    type: optionalFile,
    default: '',
    purpose: 'where `kapacitor-auth serve` keeps its audit log; standard output while it is empty',
  },
};
