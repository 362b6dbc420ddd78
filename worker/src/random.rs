//! Randomness from the runtime's generator.

use wasm_bindgen::prelude::wasm_bindgen;

/// Most bytes that the runtime draws at once (Web Cryptography API, section 10.1.1).
const AT_ONCE: usize = 65_536;

#[wasm_bindgen]
extern "C" {
    // Without `catch` on purpose: should the generator ever fail, the request must fail with it,
    // not go on with a secret of zeros.
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(buffer: &mut [u8]);
}

/// Fills the buffer.
pub(crate) fn fill(buffer: &mut [u8]) {
    for part in buffer.chunks_mut(AT_ONCE) {
        get_random_values(part);
    }
}
