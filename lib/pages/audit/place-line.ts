import type { HeardEvent } from '../../observe/heard-event.js';
import type { Html } from '../html.js';
import { html } from '../html.js';

/** Shows the subscription of an event as a line; undefined if it is about none. */
export function placeLine({ subscription }: Pick<HeardEvent, 'subscription'>): Html | undefined {
  if (subscription === undefined) return undefined;
  const { id, database, retentionPolicy = 'all', cluster } = subscription;
  return html`<br /><small
      >${database === '' ? 'Every database' : html`Database <bdi>${database ?? 'unknown'}</bdi>`};
      retention policy ${database === undefined ? 'unknown' : html`<bdi>${retentionPolicy}</bdi>`}
      ${cluster !== undefined && html`; InfluxDB <bdi>${cluster}</bdi>`}
      ${id === undefined ? '; all of them' : html`; id <code>${id}</code>`}</small
    >`;
}
