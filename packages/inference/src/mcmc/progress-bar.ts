/**
 * How far the chains are, one line for each, on a terminal. Own code, because libraries for this (cli-progress, …) import
 * Node's modules when they are loaded, which browsers cannot, and it is one function of the last events.
 */
import type { TextTerminal } from '../platform/node';
import type { McmcEvent, McmcListener, ProgressEvent } from './events';
import type { Phase } from './sampler-spec';

/** Milliseconds: nothing is drawn of a run that is shorter, and between two pictures. */
const delay = 400;
const interval = 100;
const barWidth = 20;
const mostLines = 12;

type Line =
  | { readonly at: 'waiting' }
  | { readonly at: 'running'; readonly event: ProgressEvent }
  | { readonly at: 'done'; readonly draws: number; readonly divergences: number };

/** @param totals transitions of each phase */
export function progressBar(
  terminal: TextTerminal,
  totals: Readonly<Record<Phase, number>>,
  now: () => number = () => performance.now(),
): McmcListener {
  let lines: Line[] = [];
  let drawn = 0;
  let next = 0;
  const draw = (): void => {
    const width = (terminal.columns ?? 80) - 1;
    const texts = lines.slice(0, mostLines).map((line, chain) => format(line, chain, totals).slice(0, width));
    const hidden = lines.length - texts.length;
    if (hidden > 0) texts.push(`and ${hidden} more`);
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    terminal.write(up + texts.map((text) => `\x1b[2K${text}\n`).join(''));
    drawn = texts.length;
  };
  return (event: McmcEvent) => {
    switch (event.type) {
      case 'start':
        lines = Array.from({ length: event.numChains }, () => ({ at: 'waiting' }));
        next = now() + delay;
        return;
      case 'progress':
        lines[event.chain] = { at: 'running', event };
        if (now() < next) return;
        next = now() + interval;
        return draw();
      case 'chainEnd':
        lines[event.chain] = { at: 'done', draws: event.draws, divergences: event.divergences };
        return;
      case 'end':
        if (drawn > 0) draw();
        return;
      case 'warning':
        return;
      default:
        return event satisfies never;
    }
  };
}

function format(line: Line, chain: number, totals: Readonly<Record<Phase, number>>): string {
  const name = `chain ${chain}`.padEnd(9);
  if (line.at === 'waiting') return `${name}waiting`;
  if (line.at === 'done') return `${name}done: ${line.draws} draws, ${line.divergences} divergences`;
  const { phase, done, total, stepSize, numSteps, divergences, secondsLeft } = line.event;
  const made = done + (phase === 'sample' ? totals.warmup : 0);
  const filled = Math.floor((barWidth * made) / (totals.warmup + totals.sample));
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const parts = [
    `${phase === 'warmup' ? 'warm-up' : 'draws'} ${done}/${total}`.padEnd(18),
    `step ${stepSize.toPrecision(2)}`,
    `${numSteps} leapfrogs`,
    `${divergences} divergences`,
    `${clock(secondsLeft)} left`,
  ];
  return `${name}${bar}  ${parts.join('  ')}`;
}

/** 75 → 1:15, 3675 → 1:01:15. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts
    .slice(parts[0] === 0 ? 1 : 0)
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
}
