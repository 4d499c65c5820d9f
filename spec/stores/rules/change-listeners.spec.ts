import { ChangeListeners } from '../../../lib/stores/rules/change-listeners.js';

describe('ChangeListeners', () => {
  it('tells each listener once for each time that it was added', () => {
    const listeners = new ChangeListeners();
    const listener = jest.fn();
    const stop = listeners.add(listener);
    listeners.add(listener);
    listeners.tell('amy');
    expect(listener.mock.calls).toEqual([['amy'], ['amy']]);
    stop();
    stop();
    listeners.tell();
    expect(listener.mock.calls).toEqual([['amy'], ['amy'], [undefined]]);
  });

  it('tells nobody once it is cleared', () => {
    const listeners = new ChangeListeners();
    const listener = jest.fn();
    listeners.add(listener);
    listeners.clear();
    listeners.tell('amy');
    expect(listener).not.toHaveBeenCalled();
  });
});
