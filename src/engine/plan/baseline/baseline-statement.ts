/** One statement of a baseline, without a semicolon, and the heading that it stands under. */
export interface BaselineStatement {
  readonly section: string;
  readonly sql: string;
}
