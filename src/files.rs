//! Files: read regular ones only and whole, write whole or not at all, lock.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FileType, Mode, OFlags};

/// Largest file of settings, in bytes.
pub const MAX_SETTINGS: u64 = 4 << 20;
/// Largest text of an article, in bytes.
pub const MAX_TEXT: u64 = 256 << 20;
/// Largest table (CSV or JSONL), in bytes.
pub const MAX_TABLE: u64 = 2 << 30;

/// Why a file was not read or written. Messages name no path: the caller says which file it is about.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("the file does not exist")]
    Missing,
    /// A folder, pipe, socket or device.
    #[error("{0}, not a regular file")]
    NotRegular(&'static str),
    /// Larger than the limit.
    #[error("larger than the limit of {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// Not UTF-8.
    #[error("line {line}: not UTF-8 (byte 0x{byte:02x} at offset {offset}){hint}")]
    NotUtf8 {
        /// 1-based line of the first wrong byte.
        line: u64,
        /// Its place in the file, in bytes.
        offset: usize,
        /// Its value.
        byte: u8,
        /// What the file may be instead.
        hint: &'static str,
    },
    /// A path that is not a plain relative one.
    #[error("{0}")]
    BadPath(&'static str),
    /// A path or symlink that leaves the workspace.
    #[error("leads outside of the workspace")]
    Outside,
    /// A symlink to nothing.
    #[error("a symlink that leads nowhere")]
    LeadsNowhere,
    /// Somebody else has written to it in between.
    #[error("somebody else has written to it at the same time")]
    Changed,
    /// Another process holds the lock.
    #[error("another process is writing here; wait for it to end")]
    Locked,
    /// Anything else that the system said.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The bytes of a regular file, or of a symlink to one. A pipe or device is refused, never waited for.
///
/// # Errors
/// When it is missing, not regular, larger than `limit` bytes, or cannot be read.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut file = open_limited(path, limit)?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len().min(limit)).unwrap_or(0));
    // The file may grow while it is read: one byte over the limit is enough to know.
    Read::by_ref(&mut file).take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge(limit));
    }
    Ok(bytes)
}

/// A regular file of at most `limit` bytes now, to be read in parts. It may grow while it is read: who reads it counts.
///
/// # Errors
/// As [`read`].
pub fn open_limited(path: &Path, limit: u64) -> Result<File, FileError> {
    let file = open(path)?;
    if file.metadata()?.len() > limit { Err(FileError::TooLarge(limit)) } else { Ok(file) }
}

/// The text of a regular UTF-8 file, byte for byte.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    utf8(read(path, limit)?)
}

/// Checks that bytes are UTF-8.
///
/// # Errors
/// [`FileError::NotUtf8`] with the line of the first wrong byte.
pub fn utf8(bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..offset]).count() as u64;
        FileError::NotUtf8 { line, offset, byte: bytes.get(offset).copied().unwrap_or(0), hint: encoding_hint(bytes) }
    })
}

/// What bytes that are no UTF-8 may be.
fn encoding_hint(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "; it looks like UTF-32: save it as UTF-8",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "; it looks like UTF-16: save it as UTF-8",
        _ if bytes.iter().take(4096).all(|&b| b >= 0x20 || matches!(b, b'\t' | b'\n' | b'\r')) => {
            "; it may be Latin-1 or Windows-1252: save it as UTF-8"
        }
        _ => "; it looks like a binary file",
    }
}

fn open(path: &Path) -> Result<File, FileError> {
    // Without NONBLOCK a pipe that nobody writes to would block the open itself.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| match errno {
        rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR => FileError::Missing,
        other => FileError::Io(other.into()),
    })?;
    let stat = rustix::fs::fstat(&fd).map_err(io::Error::from)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(File::from(fd)),
        FileType::Directory => Err(FileError::NotRegular("a folder")),
        FileType::Fifo => Err(FileError::NotRegular("a pipe")),
        FileType::Socket => Err(FileError::NotRegular("a socket")),
        _ => Err(FileError::NotRegular("a device")),
    }
}

/// Checks that a path from a settings file is relative and stays below its root as it is written.
///
/// # Errors
/// When it is empty, absolute, a URL, holds `..`, a backslash or a control character, or is too long.
pub fn check_relative(path: &str) -> Result<(), FileError> {
    let bad = |why| Err(FileError::BadPath(why));
    if path.is_empty() {
        return bad("an empty path; write a path relative to the workspace");
    }
    if path.len() > 1024 {
        return bad("a path of more than 1024 bytes");
    }
    if path.chars().any(char::is_control) {
        return bad("a path with a control character");
    }
    if path.contains("://") {
        return bad("a URL; write a path relative to the workspace");
    }
    if path.contains('\\') {
        return bad("a path with a backslash; write '/' between folders");
    }
    if path.starts_with('~') {
        return bad("'~' is not expanded; write a path relative to the workspace");
    }
    for component in Path::new(path).components() {
        match component {
            Component::Normal(_) | Component::CurDir => {}
            Component::ParentDir => return bad("a path with '..' leads outside of the workspace"),
            Component::RootDir | Component::Prefix(_) => return bad("an absolute path; write a path relative to the workspace"),
        }
    }
    Ok(())
}

/// The place of `relative` below `root`, after following symlinks.
///
/// # Errors
/// As [`check_relative`]; when nothing is there; when a symlink leads outside of `root`.
pub fn resolve_inside(root: &Path, relative: &str) -> Result<PathBuf, FileError> {
    check_relative(relative)?;
    let joined = root.join(relative);
    let missing = |error: io::Error| if is_missing(&error) { FileError::Missing } else { FileError::Io(error) };
    let real_root = root.canonicalize().map_err(missing)?;
    let real = joined.canonicalize().map_err(missing)?;
    if real.starts_with(&real_root) { Ok(joined) } else { Err(FileError::Outside) }
}

/// The place of `relative` below `root` where a file may be made: what is there of it already, symlinks followed, is inside.
///
/// # Errors
/// As [`check_relative`]; when a symlink leads outside of `root`, or nowhere.
pub fn place_inside(root: &Path, relative: &str) -> Result<PathBuf, FileError> {
    check_relative(relative)?;
    let joined = root.join(relative);
    let mut there = joined.as_path();
    // A symlink that leads nowhere is there, and would be followed by who writes.
    while there != root && matches!(there.symlink_metadata(), Err(error) if is_missing(&error)) {
        there = there.parent().unwrap_or(root);
    }
    let real = there.canonicalize().map_err(|error| if is_missing(&error) { FileError::LeadsNowhere } else { FileError::Io(error) })?;
    if real.starts_with(root.canonicalize()?) { Ok(joined) } else { Err(FileError::Outside) }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Writes a whole file or leaves the old one: a temporary file beside it, fsync, rename, fsync of the folder.
/// A symlink is followed, so that the file it names is replaced and not the link.
///
/// # Errors
/// When the folder cannot be written, or the target exists and is no regular file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_whole_if(path, bytes, || true)
}

/// The same, if `may` still says so when all is ready and only the name is to be changed.
///
/// # Errors
/// As [`write_whole`]; [`FileError::Changed`] when it does not: then nothing is written.
pub fn write_whole_if(path: &Path, bytes: &[u8], may: impl FnOnce() -> bool) -> Result<(), FileError> {
    let target = match path.symlink_metadata() {
        Ok(meta) if meta.is_symlink() => path.canonicalize()?,
        _ => path.to_owned(),
    };
    let permissions = match target.metadata() {
        Ok(meta) if meta.is_file() => Some(meta.permissions()),
        Ok(_) => return Err(FileError::NotRegular("a folder or device")),
        Err(_) => None,
    };
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".assay-tmp-");
    // The permissions of a plain new file (less the umask) instead of the private ones of a temporary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.as_file().sync_all()?;
    if !may() {
        return Err(FileError::Changed);
    }
    temporary.persist(&target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Held while files are written; released when dropped or when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Locks against other writers by a file, which is made when it is missing and stays. The lock is the system's, not the file's
/// existence: a leftover of a dead process does not block. A dataset is locked by its dataset.toml.
///
/// # Errors
/// [`FileError::Locked`] when another process holds it.
pub fn lock(path: &Path) -> Result<Lock, FileError> {
    let file = match open(path) {
        Ok(file) => file,
        Err(FileError::Missing) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            File::options().create(true).truncate(false).write(true).open(path)?
        }
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        // A file that was replaced meanwhile is locked by nobody: who comes next would lock the new one.
        Ok(()) if !is_still_there(&file, path) => lock(path),
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) if !is_still_there(&file, path) => lock(path),
        Err(TryLockError::WouldBlock) => Err(FileError::Locked),
        Err(TryLockError::Error(error)) => Err(FileError::Io(error)),
    }
}

/// Whether the path still leads to this open file.
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), path.metadata()) else { return true };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

/// The same, but waits for another process to let go of it, at most that long.
///
/// # Errors
/// As [`lock`].
pub fn lock_within(path: &Path, patience: Duration) -> Result<Lock, FileError> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match lock(path) {
            Err(FileError::Locked) if started.elapsed() < patience => std::thread::sleep(pause),
            other => return other,
        }
        // Short enough that a queue of writers keeps moving, long enough that waiting costs nothing.
        pause = (pause * 2).min(Duration::from_millis(16));
    }
}

/// The path as a user in the current folder would name it.
pub fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let near = path.strip_prefix(&here).unwrap_or(path);
    let near = near.strip_prefix(".").unwrap_or(near);
    if near.as_os_str().is_empty() { ".".to_owned() } else { near.to_string_lossy().into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_read_and_none_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("plain"), b"abc").unwrap();
        std::os::unix::fs::symlink("plain", at("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("endless")).unwrap();
        std::os::unix::fs::symlink("loop", at("loop")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        assert!(made.success());

        assert_eq!(read(&at("link"), 3).unwrap(), b"abc");
        assert!(matches!(read(&at("plain"), 2), Err(FileError::TooLarge(2))));
        for (name, says) in
            [("pipe", "a pipe"), ("endless", "a device"), (".", "a folder"), ("none", "does not exist"), ("loop", "symbolic")]
        {
            let message = read(&at(name), 100).unwrap_err().to_string();
            assert!(message.contains(says), "{name}: {message}");
        }
    }

    #[test]
    fn a_wrong_byte_is_named_with_its_line() {
        let error = utf8(b"a\nb\ncaf\xe9\n".to_vec()).unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("0xe9") && error.contains("Latin-1"), "{error}");
    }

    #[test]
    fn paths_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(dir.path().join("secret"), "x").unwrap();
        std::fs::write(root.join("inside"), "x").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("out")).unwrap();
        std::os::unix::fs::symlink("inside", root.join("in")).unwrap();
        assert!(resolve_inside(&root, "in").is_ok() && resolve_inside(&root, "./inside").is_ok());
        for bad in
            ["../secret", "/etc/passwd", "out", "none", "", "a\\b", "a\nb", "~/x", "file:///etc/passwd", "inside/../inside", "inside/"]
        {
            let result = resolve_inside(&root, bad);
            assert!(result.is_err(), "{bad:?}");
            assert!(!result.unwrap_err().to_string().contains("passwd"), "{bad:?}");
        }
    }

    #[test]
    fn a_write_is_whole_keeps_links_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        write_whole(&path, b"one").unwrap();
        std::os::unix::fs::symlink("file", dir.path().join("link")).unwrap();
        write_whole(&dir.path().join("link"), b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert!(dir.path().join("link").symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
        assert!(write_whole(dir.path(), b"x").is_err());
    }

    #[test]
    fn a_second_lock_is_refused_until_the_first_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("lock"), "99999999").unwrap();
        for path in [dir.path().join("lock"), dir.path().join("new/lock")] {
            let first = lock(&path).unwrap();
            assert!(matches!(lock(&path), Err(FileError::Locked)));
            drop(first);
            assert!(lock(&path).is_ok());
        }
    }

    #[test]
    fn a_writer_waits_for_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = lock(&path).unwrap();
        assert!(matches!(lock_within(&path, Duration::from_millis(5)), Err(FileError::Locked)));
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || lock_within(&path, Duration::from_secs(60)).is_ok()
        });
        drop(first);
        assert!(waiting.join().unwrap());
    }
}
