import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { query, type Command } from './command.ts';
import { CODES, Refusal } from './refusal.ts';

/** Files of image and file messages: a place to PUT them and to GET them, on the server's port. */

const MAX_FILE_BYTES = 20 * 1024 * 1024;
const MAX_TOTAL_BYTES = 200 * 1024 * 1024;
const MAX_PLACES = 5000;

/** A place promised by `im_cos_msg.pre_sig`, filled by one PUT. */
export interface StoredFile {
  name: string;
  type: string;
  bytes: Buffer | null;
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'X-Content-Type-Options': 'nosniff',
};

/** Kinds a browser may show in place; everything else is a download. */
const SHOWN_TYPES = /^(?:image\/(?:png|jpeg|gif|bmp|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

export class Uploads {
  readonly files: Map<string, StoredFile>;
  private readonly onChange: () => void;

  constructor(files: Map<string, StoredFile>, onChange: () => void) {
    this.files = files;
    this.onChange = onChange;
  }

  /** Promises a place and returns its path, the same for PUT and GET. */
  reserve(fileName: string): string {
    if (this.files.size >= MAX_PLACES) {
      throw new Refusal(CODES.tooFrequent, 'Too many files for a development server');
    }
    const id = randomBytes(16).toString('hex');
    const name = fileName.replace(/[^\w.-]/g, '_').slice(-100) || 'file';
    this.files.set(id, { name, type: 'application/octet-stream', bytes: null });
    return `/files/${id}/${name}`;
  }

  /** Answers one HTTP request below /files/. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    const [, , id = ''] = path.split('/');
    const file = this.files.get(id);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, CORS).end();
    } else if (file === undefined) {
      this.refuse(response, 404, 'No such file');
    } else if (request.method === 'PUT' || request.method === 'POST') {
      this.receive(request, response, file);
    } else if (file.bytes === null) {
      this.refuse(response, 404, 'The file was never uploaded');
    } else {
      response.writeHead(200, {
        ...CORS,
        'Content-Type': file.type,
        'Content-Length': file.bytes.length,
        ...(SHOWN_TYPES.test(file.type)
          ? {}
          : { 'Content-Disposition': `attachment; filename="${file.name}"` }),
      });
      response.end(request.method === 'HEAD' ? undefined : file.bytes);
    }
  }

  private receive(request: IncomingMessage, response: ServerResponse, file: StoredFile): void {
    if (file.bytes !== null) {
      this.refuse(response, 409, 'The file was uploaded before');
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_FILE_BYTES) {
        this.refuse(response, 413, `Files may have ${MAX_FILE_BYTES} bytes`);
        request.destroy();
      } else chunks.push(chunk);
    });
    request.on('end', () => {
      if (this.totalBytes() + size > MAX_TOTAL_BYTES) {
        this.refuse(response, 507, 'The development server holds enough files');
        return;
      }
      const type = request.headers['content-type'] ?? '';
      file.type = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';
      file.bytes = Buffer.concat(chunks);
      this.onChange();
      response.writeHead(200, CORS).end();
    });
    request.on('error', () => response.destroy());
  }

  private totalBytes(): number {
    let total = 0;
    for (const { bytes } of this.files.values()) total += bytes?.length ?? 0;
    return total;
  }

  private refuse(response: ServerResponse, status: number, why: string): void {
    response.writeHead(status, { ...CORS, 'Content-Type': 'text/plain', Connection: 'close' });
    response.end(`${why}\n`);
  }
}

/** Makes the commands, given where this server is reached by HTTP. */
export function uploadCommands(origin: () => string): Record<string, Command> {
  return {
    'im_cos_msg.pre_sig': query(
      v.object({ file_name: v.optional(v.pipe(v.string(), v.maxLength(500)), 'file') }),
      (request, _caller, { uploads }) => {
        const url = origin() + uploads.reserve(request.file_name);
        return {
          upload_url: url,
          download_url: url,
          request_id: url.slice(-16),
          expired_time: 900,
          head_url: '',
          ci_url: '',
          snapshot_url: '',
        };
      },
    ),
  };
}
