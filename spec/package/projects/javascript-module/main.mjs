import assert from 'node:assert/strict';
import express from 'express';
import * as face from 'kapacitor-auth';
import { userSourceContract } from 'kapacitor-auth/store-contract';
import use from './use.cjs';

assert.equal(typeof userSourceContract, 'function');
await use(express, face);
