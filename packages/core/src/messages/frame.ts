/** What a site knows of one plate around it. */
export interface PlateFrame {
  readonly name: string;
  /** Negative, counted from the right of the batch shape; undefined in a sequential plate. */
  readonly dim: number | undefined;
  /** How many elements are present: the subsample's size. */
  readonly size: number;
  /** How many there are in all. */
  readonly fullSize: number;
  /** Which element a sequential plate is at. */
  readonly index?: number;
}
