/** The documentation's words for what is different everywhere: folder, address, the first password. */
export const SHOWN_FOLDER = '/home/me/alerts';
export const SHOWN_ADDRESS = 'http://127.0.0.1:9095';
export const SHOWN_PASSWORD = 'qXb1zT0mWcV4uYk8LrN2eJ6sHd9aGfRi';
