import './surroundings.js';
import express from 'express';
import request from 'supertest';
import { auth, tokenOf } from '../../fixtures/examples/tokens.js';

const app = express().use(auth, (incoming, response) => {
  response.json(incoming.user);
});

afterAll(() => auth.close());

it('the token of the example stands for its user', async () => {
  const server = request(app);
  const { body } = await server.get('/').auth(tokenOf('amy'), { type: 'bearer' }).expect(200);
  expect(body).toHaveProperty('name', 'amy');
  await server.get('/').auth(tokenOf('nobody'), { type: 'bearer' }).expect(401);
});
