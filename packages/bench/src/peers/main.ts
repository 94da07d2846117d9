/**
 * `npm run bench:peers`: NUTS in NumPyro, Stan, nutpie and Pyro beside ours, on the models of `bench:gradient`: 4 chains of
 * 1,000 + 1,000 each, on all cores. `--json` prints the figures alone; `--models a,b` and `--peers x,y` pick some (models
 * by part of their names), `--seeds <n>` takes medians over n runs, `--limit <s>` is how long a peer may take for a run.
 * The first run installs the peers (see environment.ts); nothing else of them is kept between runs.
 */
import { parseArgs } from 'node:util';
import { benchmarkNames } from '../models';
import { compareModel, type ModelRow } from './compare-model';
import { formatRows } from './format-rows';
import { peerNames, type PeerName } from './runners';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    models: { type: 'string', default: '' },
    peers: { type: 'string', default: peerNames.join(',') },
    seeds: { type: 'string', default: '1' },
    limit: { type: 'string', default: '600' },
  },
});

function chosenPeers(): PeerName[] {
  return options.peers
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const peer = peerNames.find((known) => known === name);
      if (peer === undefined)
        throw new Error(`--peers: no peer '${name}'; there are ${peerNames.join(', ')}.`);
      return peer;
    });
}

async function main(): Promise<void> {
  const wanted = options.models.split(',');
  const models = benchmarkNames.filter((name) => wanted.some((part) => name.includes(part)));
  const peers = chosenPeers();
  const rows: ModelRow[] = [];
  for (const model of models) {
    rows.push(
      await compareModel(model, {
        peers,
        seeds: Number(options.seeds),
        limitSeconds: Number(options.limit),
        note: (text) => process.stderr.write(`${text}\n`),
      }),
    );
  }
  process.stdout.write(`${options.json ? JSON.stringify(rows) : formatRows(rows)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
