/** A small server of static files for pages under test and for the example, and a visit to one of its pages. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json' };

/**
 * @param folder what is served
 * @param headers with every answer, for instance those of cross-origin isolation
 * @param change what to do to a page before it goes out
 * @param onPost receives what a page posts to /report
 */
export async function serve({
  folder,
  port = 0,
  headers = {},
  change = (text) => text,
  onPost = () => undefined,
}) {
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        response.end();
        onPost(Buffer.concat(parts).toString());
      });
      return;
    }
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    readFile(join(folder, path)).then(
      (content) => {
        const type = types[extname(path)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type, ...headers });
        response.end(type.startsWith('text/html') ? change(content.toString()) : content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Opens a page in a headless browser and gives what it posts to /report. */
export async function visit({ chromium, profile, page, seconds = 120, ...site }) {
  let browser;
  let timer;
  let server;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${page} reported nothing in ${seconds} s`)), seconds * 1000);
      serve({ ...site, onPost: resolve }).then((started) => {
        server = started;
        const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
        browser = spawn(chromium, [...flags, `${server.url}/${page}`], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let errors = '';
        browser.stderr.on('data', (data) => (errors = (errors + String(data)).slice(-2000)));
        browser.once('error', reject);
        browser.once('exit', (code) => reject(new Error(`the browser ended (${code}):\n${errors}`)));
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    server?.close();
    if (browser !== undefined && browser.exitCode === null) {
      browser.removeAllListeners('exit');
      const gone = new Promise((resolve) => browser.once('exit', resolve));
      browser.kill();
      await gone;
    }
  }
}
