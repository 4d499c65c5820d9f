import assert from 'node:assert/strict';
import express from 'express';
import * as face from 'kapacitor-auth';
import { userSourceContract } from 'kapacitor-auth/store-contract';
import described from 'kapacitor-auth/openapi.json' with { type: 'json' };
import use from './use.cjs';

assert.equal(typeof userSourceContract, 'function');
assert.match(described.openapi, /^3\.1\./);
await use(express, face);
