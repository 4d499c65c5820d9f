/** Something in the file that no Kapacitor wrote so. The reader turns it into the error to show. */
export class Damage extends Error {
  /** The page of the file, if it is known. */
  readonly page: number | undefined;

  /**
   * @param problem - part of a sentence, without a token or a hash: `its keys don't ascend`
   */
  constructor(problem: string, page?: number) {
    super(problem);
    this.name = new.target.name;
    this.page = page;
  }
}

/** Does work on what a page holds, and names the page if that is damaged. */
export function onPage<T>(page: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Damage && error.page === undefined) throw new Damage(error.message, page);
    throw error;
  }
}
