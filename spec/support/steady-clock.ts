/** Lets time pass for a process' steady clock, without waiting; set right after each test. */
export function steadyClock(): { pass(milliseconds: number): void } {
  let passed = 0;
  beforeEach(() => {
    passed = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return {
    pass: (milliseconds) => {
      passed += milliseconds;
    },
  };
}
