/**
 * Making image and file messages wants a page (seen with SDK 3.6.6). These are the few things of a
 * page it touches, for a V8 context that has none.
 */

/** The SDK only asks whether a file is one. */
function HTMLInputElement(): void {
  // Nobody makes one here.
}

/** Loads at once, with a size. */
class PageImage {
  width = 3;
  height = 2;
  onload: (() => void) | null = null;
  set src(_url: string) {
    setTimeout(() => this.onload?.(), 0);
  }
}

export function makePageGlobals(): Record<string, unknown> {
  const page: Record<string, unknown> = {
    URL,
    performance,
    HTMLInputElement,
    Image: PageImage,
    navigator: { userAgent: 'Node', onLine: true },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    location: { protocol: 'http:', host: '127.0.0.1', hostname: '127.0.0.1' },
    document: {
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      visibilityState: 'visible',
      charset: 'UTF-8',
    },
  };
  page.window = page;
  return page;
}

/** What SDK 3.6.6 hands a plugin, as far as it is needed here. */
interface UploadOptions {
  resources: File;
  url: string;
  downloadUrl: string;
}

type Done = (error: Error | undefined, result?: unknown) => void;

/** A `tim-upload-plugin` that does no more than put the file where the server said. */
export class UploadPlugin {
  uploadFile({ resources, url, downloadUrl }: UploadOptions, done: Done): void {
    const headers = { 'Content-Type': resources.type };
    fetch(url, { method: 'PUT', body: resources, headers }).then(
      ({ status }) => {
        done(undefined, { statusCode: status, data: { location: downloadUrl } });
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}
