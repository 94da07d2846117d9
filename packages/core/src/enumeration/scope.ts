/** Which dim an enumerated site gets, and which earlier ones a site may depend on. */
import { HandlerError } from '../errors';
import type { EnumeratedVariable } from '../messages/enumeration';
import type { MarkovFrame } from '../messages/markov';
import type { Message } from '../messages/message';

type Dims = ReadonlyMap<number, EnumeratedVariable>;

/** A site whose value has enumeration dims. */
interface Entry {
  readonly dims: Dims;
  /** One frame for each `markov` context around it, outermost first. */
  readonly frames: readonly MarkovFrame[];
}

const currentFrames = ({ markov = [] }: Message): MarkovFrame[] =>
  markov.map(({ visible }) => visible[visible.length - 1]);

/** The dims of one run. A site outside every `markov` context keeps its dim to the end of the run. */
export class EnumerationScope {
  private readonly globals: Entry[] = [];
  /** By the innermost frame, and by every frame. */
  private readonly innermost = new WeakMap<MarkovFrame, Entry[]>();
  private readonly within = new WeakMap<MarkovFrame, Entry[]>();
  /** The leftmost dim that anything had so far. */
  private leftmost: number;

  constructor(private readonly firstAvailableDim: number) {
    this.leftmost = firstAvailableDim + 1;
  }

  /** The dims that a site here may have. */
  visible(message: Message): Map<number, EnumeratedVariable> {
    const { markov = [] } = message;
    const inWindow = new Set(markov.flatMap(({ visible }) => visible));
    const near = [...inWindow].flatMap((frame) => this.innermost.get(frame) ?? []);
    const dims = new Map<number, EnumeratedVariable>();
    for (const entry of [...this.globals, ...near]) {
      if (!entry.frames.every((frame) => inWindow.has(frame))) continue;
      for (const [dim, variable] of entry.dims) {
        const other = dims.get(dim);
        if (other !== undefined && other !== variable) throw collision(message, other, variable);
        dims.set(dim, variable);
      }
    }
    return dims;
  }

  /**
   * A dim for a site here. Inside `markov` it is the rightmost that no site in scope has; nor one that has just gone out
   * of scope, so that a dependency that reaches one step too far back is found and not mistaken for another.
   */
  allocate(message: Message, visible: Dims): number {
    const { markov = [] } = message;
    if (markov.length === 0) return --this.leftmost;
    const taken = new Set([...visible.keys(), ...this.hidden(message)]);
    let dim = this.firstAvailableDim;
    while (taken.has(dim)) dim--;
    this.leftmost = Math.min(this.leftmost, dim);
    return dim;
  }

  /** Remembers the dims that the value of a site has. */
  record(message: Message, dims: Dims): void {
    if (dims.size === 0) return;
    const entry: Entry = { dims, frames: currentFrames(message) };
    const add = (where: WeakMap<MarkovFrame, Entry[]>, frame: MarkovFrame): void => {
      const entries = where.get(frame);
      if (entries === undefined) where.set(frame, [entry]);
      else entries.push(entry);
    };
    const inner = entry.frames.at(-1);
    if (inner === undefined) this.globals.push(entry);
    else add(this.innermost, inner);
    for (const frame of entry.frames) add(this.within, frame);
  }

  /** Dims of sites that have just gone out of scope, and of those that a context that `keep`s may bring back. */
  private hidden({ markov = [] }: Message): number[] {
    const near = new Set(markov.flatMap((step) => step.near));
    const contexts = new Set([...near].map((frame) => frame.context));
    const mayMeet = (frame: MarkovFrame): boolean =>
      near.has(frame) || (frame.keep && !contexts.has(frame.context));
    const entries = markov[markov.length - 1].near.flatMap((frame) => this.within.get(frame) ?? []);
    return entries.filter(({ frames }) => frames.every(mayMeet)).flatMap(({ dims }) => [...dims.keys()]);
  }
}

function collision(message: Message, a: EnumeratedVariable, b: EnumeratedVariable): HandlerError {
  return new HandlerError({
    site: message.name,
    problem: `the enumerated sites '${a.site}' and '${b.site}', both in scope here, have the same dim`,
    plates: message.condIndepStack,
    fix: 'raise the history of the markov context around the site that came first, or give it keep: true.',
  });
}
