import type { IncomingMessage, ServerResponse } from 'node:http';

/** URL prefix -> directory. The longest prefix that fits is used. */
export type StaticFolders = Readonly<Record<string, string>>;

const MIME: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['mjs', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['map', 'application/json; charset=utf-8'],
  ['webmanifest', 'application/manifest+json; charset=utf-8'],
  ['md', 'text/markdown; charset=utf-8'],
  ['txt', 'text/plain; charset=utf-8'],
  ['ts', 'text/plain; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['ico', 'image/x-icon'],
  ['wasm', 'application/wasm'],
  ['woff2', 'font/woff2'],
  ['mp3', 'audio/mpeg'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
]);

/** Where a path leads: a folder to look in, and the way inside it. */
export interface Place {
  readonly folder: string;
  readonly segments: readonly string[];
  /** Ends in a slash, or is the folder itself: its index.html is meant. */
  readonly isFolder: boolean;
}

/**
 * Finds the place of a path of a URL. `undefined` for what is nowhere, and for anything that could lead out: `..`, hidden
 * files, empty segments, backslashes, NUL, bad escapes.
 */
export function placeOf(pathname: string, folders: StaticFolders): Place | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  for (const prefix of prefixes) {
    const base = prefix.endsWith('/') ? prefix : `${prefix}/`;
    if (path !== base.slice(0, -1) && !path.startsWith(base)) continue;
    const inside = path.slice(base.length);
    const segments = inside === '' ? [] : inside.replace(/\/$/, '').split('/');
    const safe = segments.every((segment) => segment !== '' && !segment.startsWith('.') && !/[\\\0:]/.test(segment));
    return safe ? { folder: folders[prefix] ?? '', segments, isFolder: path.endsWith('/') } : undefined;
  }
  return undefined;
}

/** The kind of a file, by its name; bytes where it is not known. */
export function mimeOf(file: string): string {
  return MIME.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase()) ?? 'application/octet-stream';
}

/** Answers with a file. `false`: there is none, and nothing was answered. */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  folders: StaticFolders,
): Promise<boolean> {
  const place = placeOf(url.pathname, folders);
  if (!place) return false;
  const { createReadStream } = await import('node:fs');
  const { realpath, stat } = await import('node:fs/promises');
  const path = await import('node:path');
  const { pipeline } = await import('node:stream/promises');
  const find = async (...segments: string[]): Promise<{ path: string; isFolder: boolean; size: number } | undefined> => {
    try {
      // Links are followed first: one that leads out of the folder leads nowhere.
      const [root, target] = await Promise.all([realpath(place.folder), realpath(path.join(place.folder, ...segments))]);
      if (target !== root && !target.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return undefined;
      const info = await stat(target);
      return info.isFile() || info.isDirectory() ? { path: target, isFolder: info.isDirectory(), size: info.size } : undefined;
    } catch {
      return undefined;
    }
  };
  const found = await find(...place.segments);
  if (!found || (place.isFolder && !found.isFolder)) return false;
  if (found.isFolder && !place.isFolder) {
    response.writeHead(308, { location: `${url.pathname}/${url.search}` }).end();
    return true;
  }
  const file = found.isFolder ? await find(...place.segments, 'index.html') : found;
  if (!file || file.isFolder) return false;
  response.writeHead(200, {
    'content-type': mimeOf(file.path),
    'content-length': file.size,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  // A reader that goes away in the middle, or a file that shrinks, is no concern of the server's.
  else await pipeline(createReadStream(file.path, { end: Math.max(0, file.size - 1) }), response).catch(() => response.destroy());
  return true;
}
