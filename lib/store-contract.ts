/**
 * The contract of every user source and user store, as a list of cases for any test runner. A store
 * of your own that passes them works with this package.
 *
 * ```ts
 * import { userStoreContract } from 'kapacitor-auth/store-contract';
 *
 * describe('my store', () => {
 *   for (const { name, run } of userStoreContract((place) => new MyStore(`${folder}/${place}`))) {
 *     it(name, run);
 *   }
 * });
 * ```
 *
 * @module
 */
export type { ContractCase } from './store-contract/contract-case.js';
export type { Linked } from './store-contract/linked-source.js';
export { userSourceContract } from './store-contract/user-source-contract.js';
export type {
  OpenUserSource,
  UserSourceContractOptions,
} from './store-contract/user-source-contract.js';
export { userStoreContract } from './store-contract/user-store-contract.js';
export type {
  OpenUserStore,
  UserStoreContractOptions,
} from './store-contract/user-store-contract.js';
export type { MaybePromise } from './maybe-promise.js';
export type {
  ChangeOptions,
  StoredUser,
  UserChangeListener,
  UserChanges,
  UserPut,
  UserSource,
  UserStore,
  UserToPut,
} from './stores/user-store.js';
export type { ListOptions } from './stores/list-options.js';
export type { UserType } from './privileges/user.js';
export type { StoredSubscription, SubscriptionStore } from './stores/subscription-store.js';
export type { Permission } from './privileges/permission.js';
export type { Privilege } from './privileges/privilege.js';
export type { Privileges } from './privileges/privileges.js';
