import './surroundings.js';
// The example is a test itself.
import '../../fixtures/examples/app-with-tests.js';
