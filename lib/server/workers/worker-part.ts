import type { DestinationStream } from 'pino';
import type { AuditTrail } from '../../index.js';

/** The tasks that a worker does not do alone. */
export interface WorkerPart {
  /** Tells that it listens, and waits until users may be opened. */
  readonly usersMayOpen: (url: string) => Promise<void>;
  /** Takes the lines of the audit log's file. */
  readonly auditLines: DestinationStream;
  /** Shows the metrics of all workers. */
  readonly allMetrics: () => Promise<string>;
  /** Keeps and shows the refusals and changes of all workers. */
  readonly audit: AuditTrail;
  /** Seals the sessions of the pages: one that began in another worker goes on in this. */
  readonly sessionKey: string;
}
