//! Damaged files make polars panic in places; that is an error like any other.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use polars::prelude::PolarsResult;

thread_local! {
    /// Whether this thread is in a guarded read.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What polars makes of a file that others wrote. Nothing is printed where it panics; other panics are told as ever.
///
/// `read` must stay on its thread: the columns of a file are shared out among threads outside of it.
pub(super) fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                tell(panic);
            }
        }));
    });
    let outer = IS_GUARDED.replace(true);
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(outer);
    match read {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_and_only_that_of_a_read_is_silent() {
        let damaged = || guarded::<()>(|| panic!("damaged"));
        assert_eq!(damaged(), Err("the file is damaged".to_owned()));
        assert!(!IS_GUARDED.get());
        let inner = guarded(|| {
            let inner = (damaged(), IS_GUARDED.get(), std::thread::spawn(|| IS_GUARDED.get()).join().ok());
            Ok(inner)
        });
        assert_eq!(inner, Ok((Err("the file is damaged".to_owned()), true, Some(false))));
    }
}
