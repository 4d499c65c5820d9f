import { runWithLib } from '../../support/lib-process.js';
import { describePostgres } from '../../support/postgres.js';

describePostgres('a process with a PostgresUserStore and nothing else to do', (server) => {
  it('waits for answers, and ends once the store is closed', async () => {
    const script = `
      const { PostgresUserStore } = lib('stores/postgres-store.js');
      const store = new PostgresUserStore({ url: args[0] });
      await store.open();
      const hash = '$2a$04$' + 'a'.repeat(53);
      await store.create({ name: 'amy', type: 'normal', hash, permissions: [] });
      const found = await store.find('amy');
      await store.close();
      process.stdout.write(JSON.stringify(found.name));`;
    const url = await server().newDatabase();
    await expect(runWithLib({ script, args: [url] })).resolves.toBe('amy');
  });

  it('ends without a close', async () => {
    const script = `
      const { PostgresUserStore } = lib('stores/postgres-store.js');
      const store = new PostgresUserStore({ url: args[0] });
      await store.open();
      process.stdout.write(JSON.stringify((await store.list()).length));`;
    const url = await server().newDatabase();
    await expect(runWithLib({ script, args: [url] })).resolves.toBe(0);
  });
});
