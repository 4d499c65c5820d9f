const express = require('express');
const assert = require('node:assert/strict');
const use = require('./use.cjs');

assert.match(require('kapacitor-auth/openapi.json').openapi, /^3\.1\./);

void use(express, require('kapacitor-auth'));
