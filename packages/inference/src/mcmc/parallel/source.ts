/**
 * The text of the worker's script, so that no file has to be found: not by Node, not by bundlers, not on a server.
 * The build replaces this file, in what is published, by the bundled text. In a checkout that runs from TypeScript
 * (tests, tsx) the script is bundled when it is first asked for, which takes a while.
 */
import { nodeModule } from '../../platform/node';

declare const __dirname: string;

let text: Promise<string> | undefined;

export function workerSource(): string | Promise<string> {
  if (text !== undefined) return text;
  const here = `${__dirname}/source.js`;
  const require = nodeModule('node:module')?.createRequire(here);
  const { bundleWorker } = require?.('../../../../../scripts/bundle-worker.cjs') as {
    bundleWorker: () => Promise<string>;
  };
  return (text = bundleWorker());
}
