import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RawClient } from './raw-client.ts';
import { startChatServer } from './server.ts';
import { enter, enterAll, openServer, revocation, textOf } from './town.ts';

async function newDataFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'below', 'data.json');
}

test('a data file brings everything back in another server', async () => {
  const dataFile = await newDataFile();
  const before = await openServer({ dataFile });
  const [alice, bob] = await enterAll(before, 'alice', 'bob');
  const direct = await alice.sendText('C2Cbob', 'kept');
  const gone = await alice.sendText('GROUPteam', 'gone');
  await alice.recall(gone);
  await bob.chat.updateMyProfile({ nick: 'Bobby' });
  const userSig = before.userSig('alice');
  alice.kill();
  bob.kill();
  await before.stop();

  const after = await openServer({ dataFile });
  expect(after.message(direct)).toMatchObject({ text: 'kept', isRecalled: false });
  expect(after.message(gone)).toMatchObject({ isRecalled: true, revoker: 'alice' });
  const again = await enter(after, 'alice', { userSig });
  expect((await again.history('C2Cbob')).map(textOf)).toEqual(['kept']);
  expect((await again.history('GROUPteam')).map(({ isRevoked }) => isRevoked)).toEqual([true]);
  const sent = await again.sendText('GROUPteam', 'next');
  expect(sent.sequence).toBe(2);
  const { data } = (await again.chat.getUserProfile({ userIDList: ['bob'] })) as { data: unknown };
  expect(data).toMatchObject([{ nick: 'Bobby' }]);
});

test('clients stay logged in over a restart with a data file and hear what they missed', async () => {
  const server = await openServer({ dataFile: await newDataFile() });
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  const sent = await alice.sendText('C2Cbob', 'oops');
  bob.realm.setOnline(false);
  await server.waitFor(() => server.onlineCount('bob') === 0);
  await alice.recall(sent);
  await server.restart();
  bob.realm.setOnline(true);
  await bob.poke();
  expect(await revocation(bob, sent.ID)).toMatchObject({ revoker: 'alice' });
  await alice.poke();
  for (const { events } of [alice, bob]) {
    expect(events.filter(({ name }) => name === 'kickedOut')).toEqual([]);
  }
});

test('uploaded files are kept as well', async () => {
  const server = await openServer({ dataFile: await newDataFile() });
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  const { body } = await client.ask('im_cos_msg.pre_sig', { file_name: 'a.txt' });
  const url = String(body.download_url);
  await fetch(url, { method: 'PUT', body: 'contents' });
  await server.restart();
  expect(await (await fetch(url)).text()).toBe('contents');
});

test('the data file is written while the server runs, for its owner only', async () => {
  const dataFile = await newDataFile();
  const server = await openServer({ dataFile });
  const saved = () => readFile(dataFile, 'utf8').catch(() => '');
  server.seed([{ from: 'bob', to: 'C2Calice', text: 'seeded words' }]);
  await expect.poll(saved).toContain('seeded words');
  const alice = await enter(server, 'alice');
  await alice.sendText('C2Cbob', 'sent words');
  await expect.poll(saved).toContain('sent words');
  expect((await stat(dataFile)).mode & 0o077).toBe(0);
});

test.each([
  ['not JSON', '{"format":'],
  ['of somebody else', '{"name":"unsay"}'],
  ['damaged', '{"format":"unsay-chat-server","version":1,"secretKey":"k","users":[]}'],
])('a data file that is %s is refused and left alone', async (_what, contents) => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dataFile = join(folder, 'data.json');
  await writeFile(dataFile, contents);
  await expect(startChatServer({ dataFile })).rejects.toThrow(/is not a data file/);
  expect(await readFile(dataFile, 'utf8')).toBe(contents);
});
