/** `spyOn`: replaces a method until the end of the test and records its calls. */
type Method = (this: unknown, ...args: unknown[]) => unknown;

export interface Spy extends Method {
  readonly and: {
    readonly callThrough: () => Spy;
    readonly callFake: (fake: Method) => Spy;
    readonly returnValue: (value: unknown) => Spy;
  };
  readonly calls: {
    readonly count: () => number;
    readonly first: () => { args: unknown[] };
    readonly all: () => { args: unknown[] }[];
  };
}

const restorers: (() => void)[] = [];

export function isSpy(value: unknown): value is Spy {
  return typeof value === 'function' && 'calls' in value && 'and' in value;
}

export function spyOn(target: Record<string, Method>, name: string): Spy {
  const original = target[name];
  let behaviour: Method = () => undefined;
  const seen: { args: unknown[] }[] = [];
  const call: Method = function (...args) {
    seen.push({ args });
    return behaviour.apply(this, args);
  };
  const become = (next: Method): Spy => {
    behaviour = next;
    return spy;
  };
  const spy: Spy = Object.assign(call, {
    and: {
      callThrough: () => become(original),
      callFake: become,
      returnValue: (value: unknown) => become(() => value),
    },
    calls: { count: () => seen.length, first: () => seen[0], all: () => seen },
  });
  const own = Object.hasOwn(target, name);
  target[name] = spy;
  restorers.push(() => {
    if (own) target[name] = original;
    else delete target[name];
  });
  return spy;
}

export function restoreSpies(): void {
  while (restorers.length > 0) restorers.pop()?.();
}
