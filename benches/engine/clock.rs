//! What a process has cost so far.

use std::time::Duration;

/// The time that all threads of this process have spent on a processor, in programs and in the kernel.
#[cfg(target_os = "linux")]
pub(crate) fn cpu_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Elsewhere than on Linux the time on the wall: idle time then counts too.
#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu_time() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "measuring time is what a benchmark is for")]
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// The largest memory of this process so far, in KiB; zero where it cannot be told.
pub(crate) fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
