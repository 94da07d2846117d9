/** Which site a tensor came from, and which site came last: for messages about errors that name no site. */

const origins = new WeakMap<object, string>();
let last: string | undefined;

/** Notes that the run got this value from this site. */
export function remember(site: string, value: unknown): void {
  last = site;
  if (typeof value === 'object' && value !== null) origins.set(value, site);
}

/** The site whose value this is, if it is one's. */
export function originOf(value: object): string | undefined {
  return origins.get(value);
}

/** The site that ran last. */
export function lastSite(): string | undefined {
  return last;
}

/** A run begins: no site has run. */
export function forgetSites(): void {
  last = undefined;
}

/** Says in the message where in the model an error was raised, unless it names its site. */
export function locate(error: unknown): void {
  if (!(error instanceof Error) || last === undefined || /^at site '|Raised in the model/.test(error.message))
    return;
  appendToMessage(error, `  Raised in the model after site '${last}'.`);
}

/** Adds a line to the message, and to the stack that repeats it. */
export function appendToMessage(error: Error, line: string): void {
  const longer = `${error.message}\n${line}`;
  if (error.stack !== undefined) error.stack = error.stack.replace(error.message, () => longer);
  error.message = longer;
}
