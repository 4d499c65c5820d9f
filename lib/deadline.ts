/**
 * Waits for an answer, but not for ever.
 *
 * @param milliseconds - how long to wait; the timer keeps no process from ending
 * @param late - makes the error that it rejects with after that time
 */
export function withDeadline<T>(
  answer: Promise<T>,
  milliseconds: number,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(late());
    }, milliseconds).unref();
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
