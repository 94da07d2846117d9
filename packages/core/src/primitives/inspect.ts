/** What the handlers around would do to a site here. */
import type { PlateFrame } from '../messages/frame';
import { blank } from '../messages/blank';
import type { InspectMessage, Mask } from '../messages/message';
import { applyStack } from '../stack/apply-stack';

export function inspect(): InspectMessage {
  return applyStack({
    ...blank,
    kind: 'inspect',
    name: '_inspect',
    value: undefined,
    scale: 1,
    mask: true,
  }) as InspectMessage;
}

/** The mask that `mask` handlers around put on sites here; `true` if there is none. Saves work where it is `false`. */
export function getMask(): Mask {
  return inspect().mask;
}

/** The plates open here, outermost first. */
export function getPlates(): readonly PlateFrame[] {
  return inspect().condIndepStack;
}
