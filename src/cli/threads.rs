//! The threads that a command computes on.

use std::num::NonZero;

use super::exit::Failure;

/// Threads a core at the most: more only wait for each other, a thousand of them for seconds.
const MOST_THREADS_A_CORE: usize = 4;

/// From here on, what the calling thread computes is shared among that many threads (one a core where no number is given, at most
/// four), of which it is one itself: what it allocates comes from the memory of the process, which grows in larger steps than
/// that of other threads. Results do not depend on the number. Has no effect on a thread that is in a pool already.
///
/// # Errors
/// When threads cannot be started.
pub(super) fn share_among(jobs: Option<u16>) -> Result<(), Failure> {
    if rayon::current_thread_index().is_some() {
        return Ok(());
    }
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = jobs.map_or(cores, |jobs| usize::from(jobs).min(MOST_THREADS_A_CORE * cores));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread().build()?;
    // The threads stay until the process ends.
    std::mem::forget(pool);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_shares_its_work_once_and_with_few() {
        let threads = |jobs| {
            let shared = std::thread::spawn(move || {
                share_among(jobs).unwrap_or_else(|_| panic!("{jobs:?}"));
                let first = rayon::current_num_threads();
                share_among(Some(7)).unwrap_or_else(|_| panic!("{jobs:?}"));
                (first, rayon::current_num_threads())
            });
            shared.join().unwrap()
        };
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        for (jobs, expected) in [(Some(1), 1), (Some(2), 2), (None, cores), (Some(1024), MOST_THREADS_A_CORE * cores)] {
            assert_eq!(threads(jobs), (expected, expected), "{jobs:?}");
        }
    }
}
