//! Memory that the C library keeps for later goes back to the system. There is one unsafe call in it, for which no safe
//! interface exists, and nothing else.

/// Gives back what is free, wherever it is: by itself the C library gives back only what is free at the end of a heap,
/// where one small block that lives on keeps all before it. Takes some milliseconds for each hundred megabytes. Does
/// nothing where the C library is another than glibc.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(unsafe_code, reason = "malloc_trim(3) has no safe interface")]
        // SAFETY: it takes no pointer, and locks what it looks at; it may be called at any time by any thread.
        let _ = unsafe { libc::malloc_trim(0) };
    }
}
