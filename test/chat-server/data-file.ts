import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { C2CMessageSchema, GroupSchema, UserSchema } from './model.ts';
import type { Store } from './store.ts';
import type { StoredFile } from './uploads.ts';

/** Keeps the server's memory in one JSON file. */

const FORMAT = 'unsay-chat-server';
const VERSION = 1;

const InstanceSchema = v.object({
  number: v.number(),
  userId: v.string(),
  instanceKey: v.string(),
  loginPosition: v.number(),
  acknowledged: v.number(),
  acknowledgedAbove: v.set(v.number()),
});

const FileSchema = v.object({
  name: v.string(),
  type: v.string(),
  bytes: v.nullable(v.instance(Buffer)),
});

const DataSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  secretKey: v.string(),
  users: v.map(v.string(), UserSchema),
  groups: v.map(v.string(), GroupSchema),
  pairs: v.map(v.string(), v.array(C2CMessageSchema)),
  instances: v.map(v.number(), InstanceSchema),
  endedInstances: v.map(v.number(), v.number()),
  lastInstanceNumber: v.number(),
  ticketsExpiredBefore: v.map(v.string(), v.number()),
  files: v.map(v.string(), FileSchema),
});

/** Maps, sets and bytes have no JSON of their own; they stand under these keys. */
function encode(this: unknown, key: string, value: unknown): unknown {
  // Buffer.toJSON has already run on `value`; the holder still has the Buffer.
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Map) return { $map: [...(original as Map<unknown, unknown>)] };
  if (original instanceof Set) return { $set: [...(original as Set<unknown>)] };
  if (Buffer.isBuffer(original)) return { $bytes: original.toString('base64') };
  return value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$map' in value && Array.isArray(value.$map)) {
    return new Map(value.$map as [unknown, unknown][]);
  }
  if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set);
  if ('$bytes' in value && typeof value.$bytes === 'string') {
    return Buffer.from(value.$bytes, 'base64');
  }
  return value;
}

function fill<K, V>(target: Map<K, V>, source: Map<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}

/**
 * Fills `store` and `files` from the file; false if there is no such file. Throws a clear error for
 * a file that is not one of this server's.
 */
export function readDataFile(path: string, store: Store, files: Map<string, StoredFile>): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  let data: v.InferOutput<typeof DataSchema>;
  try {
    data = v.parse(DataSchema, JSON.parse(text, decode));
  } catch (error) {
    const place = v.isValiError(error) ? ` (${v.getDotPath(error.issues[0]) ?? 'top'})` : '';
    throw new Error(`${path} is not a data file of this chat server${place}`, { cause: error });
  }
  store.secretKey = data.secretKey;
  store.lastInstanceNumber = data.lastInstanceNumber;
  fill(store.users, data.users);
  fill(store.groups, data.groups);
  fill(store.pairs, data.pairs);
  fill(store.instances, data.instances);
  fill(store.endedInstances, data.endedInstances);
  fill(store.ticketsExpiredBefore, data.ticketsExpiredBefore);
  fill(files, data.files);
  return true;
}

/** Writes beside the file and renames, so a crash leaves the old file or the new one, never half. */
export function writeDataFile(
  path: string,
  store: Store,
  files: ReadonlyMap<string, StoredFile>,
): void {
  const data = {
    format: FORMAT,
    version: VERSION,
    secretKey: store.secretKey,
    users: store.users,
    groups: store.groups,
    pairs: store.pairs,
    instances: store.instances,
    endedInstances: store.endedInstances,
    lastInstanceNumber: store.lastInstanceNumber,
    ticketsExpiredBefore: store.ticketsExpiredBefore,
    files,
  };
  mkdirSync(dirname(path), { recursive: true });
  // The file holds the signing key: for its owner only.
  writeFileSync(`${path}.new`, JSON.stringify(data, encode), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
