// What the server of this package needs beyond the public surface. Apps do not get it.
export type { JudgePassing } from './express/passing-requests.js';
export type { GatewayAuth } from './kapacitor-auth.js';
export { gatewayAuth } from './kapacitor-auth.js';
export { holdsLogin, mayHoldJwt } from './observe/hidden-secrets.js';
export { SHOWN_FORM } from './observe/shown-form.js';
export { shownMethod } from './observe/shown-method.js';
export { shownPath } from './observe/shown-path.js';
export { isSessionCookie } from './pages/cookie.js';
