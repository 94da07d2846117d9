/** NUTS in Web Workers, with live progress and a button that stops it. Bundle: `node scripts/bundle-example.mjs`. */
import type { McmcEvent } from 'pyro-ts';
import { infer } from 'pyro-ts';
import data from '../eight-schools/data.json' with { type: 'json' };
import { model } from '../eight-schools/model.ts';

const numChains = 4;
const numWarmup = 1000;

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const [runButton, stopButton] = [element<HTMLButtonElement>('run'), element<HTMLButtonElement>('stop')];
const [status, summary] = [element('status'), element('summary')];
let controller = new AbortController();

/** A line for each chain; returns what shows an event in them. */
function chainLines(numSamples: number): (event: McmcEvent) => void {
  const lines = Array.from({ length: numChains }, (_, chain) => {
    const line = document.createElement('div');
    line.className = 'chain';
    line.innerHTML = `<span>chain ${chain}</span><progress max="${numWarmup + numSamples}" value="0"></progress><span></span>`;
    return line;
  });
  element('chains').replaceChildren(...lines);
  return (event) => {
    if (event.type !== 'progress') return;
    const { chain, phase, done, total, stepSize, divergences, secondsLeft } = event;
    const [, bar, text] = lines[chain].children;
    (bar as HTMLProgressElement).value = done + (phase === 'sample' ? numWarmup : 0);
    text.textContent =
      `${phase === 'warmup' ? 'warm-up' : 'draws'} ${done}/${total}, step ${stepSize.toFixed(2)}, ` +
      `${divergences} divergences, ${Math.ceil(secondsLeft)} s left`;
  };
}

async function run(): Promise<void> {
  const numSamples = Number(element<HTMLInputElement>('draws').value);
  controller = new AbortController();
  runButton.disabled = true;
  stopButton.disabled = false;
  summary.hidden = true;
  status.textContent = 'running';
  try {
    const began = performance.now();
    const mcmc = infer.MCMC(infer.NUTS(model, { targetAcceptProb: 0.9 }), {
      numWarmup,
      numSamples,
      numChains,
      seed: 1,
      chainMethod: 'parallel',
      signal: controller.signal,
      onEvent: chainLines(numSamples),
    });
    const { interrupted } = await mcmc.run(data.effects, data.standardErrors);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const lines: string[] = [];
    mcmc.printSummary({ print: (text) => lines.push(text) });
    summary.textContent = lines.join('\n');
    summary.hidden = false;
    status.textContent = `${interrupted ? 'stopped' : 'done'} in ${seconds} s`;
  } catch (error) {
    status.textContent = String(error);
  } finally {
    runButton.disabled = false;
    stopButton.disabled = true;
  }
}

runButton.onclick = () => void run();
stopButton.onclick = () => controller.abort();
void run();
