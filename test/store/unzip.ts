import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const endMark = 0x06054b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;

/** The files of a zip (names with `/`), as its directory lists them; stored or deflated ones. */
export function readZip(archive: string): Map<string, Buffer> {
  const zip = readFileSync(archive);
  const end = zip.length - endLength;
  if (zip.readUInt32LE(end) !== endMark) throw new Error(`${archive} has a comment, or is no zip`);
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const isDeflated = zip.readUInt16LE(at + 10) !== 0;
    const size = zip.readUInt32LE(at + 20);
    const nameEnd = at + entryLength + zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const from = local + localLength + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(from, from + size);
    files.set(
      zip.toString('utf8', at + entryLength, nameEnd),
      isDeflated ? inflateRawSync(content) : content,
    );
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** Writes the files of a zip into a folder. */
export function unzip(archive: string, folder: string): void {
  for (const [name, content] of readZip(archive)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
