// The example is a test itself.
import '../../fixtures/examples/own-store-contract.js';
