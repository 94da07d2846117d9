/** The fields of a message that nobody has set yet. */
import type { MessageBase } from './message';

type Blank = Pick<MessageBase<string>, 'condIndepStack' | 'infer' | 'key' | 'stop'>;

/** Start a message with these: `{...blank, kind: 'say', name, value: undefined}`. */
export const blank: Blank = { condIndepStack: [], infer: {}, key: undefined, stop: false };
