/** Counts how often others get their turn while a job is done. */
export async function othersTurns(job: () => Promise<unknown>): Promise<number> {
  let [turns, isOver] = [0, false];
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await job();
  isOver = true;
  return turns;
}
