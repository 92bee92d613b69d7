//! Work that must not take forever.

use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;

/// What `work` comes to, unless it takes longer than `limit`.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut end = pin!(worker::Delay::from(limit));
    poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            Poll::Ready(Some(outcome))
        } else {
            end.as_mut().poll(context).map(|()| None)
        }
    })
    .await
}
