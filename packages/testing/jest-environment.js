'use strict';
/**
 * Jest runs each test file in a fresh VM context with its own `Float64Array`, `WebAssembly`, … Native code and
 * worker threads hand out objects of the outer realm, for which `instanceof` fails inside. Sharing the outer
 * realm's buffer classes makes both sides agree, once for all tests.
 */
const { TestEnvironment } = require('jest-environment-node');

const shared = [
  'ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Float32Array', 'Float64Array', 'Int8Array', 'Int16Array',
  'Int32Array', 'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'BigInt64Array',
  'BigUint64Array', 'WebAssembly', 'Atomics',
]; // prettier-ignore

module.exports = class PyroEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
  }
};
