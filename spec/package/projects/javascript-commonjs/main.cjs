const express = require('express');
const use = require('./use.cjs');

void use(express, require('kapacitor-auth'));
