//! Finds chromedriver and Chromium, runs a driver for one session, and ends it with all that it started.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// More than a start takes on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Ends the process group that the first line names, and removes the browser's folder, when the pipe is closed: by `drop`, or by the
/// kernel when the test process is killed. A destructor alone would leave the browser running then.
const WATCHDOG: &str = r#"
read -r group
read -r _
[ -z "$group" ] || kill -s KILL -- "-$group"
for attempt in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && break; sleep 0.1; done
"#;

/// What decides whether the browser tests run.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `ASSAY_CHROMEDRIVER`: the driver to take instead of the one on the path.
    pub chromedriver: Option<OsString>,
    /// `PATH`
    pub path: OsString,
    /// `ASSAY_REQUIRE_BROWSER=1`: without a browser the tests fail.
    pub required: bool,
}

impl Surroundings {
    pub fn of_this_process() -> Surroundings {
        Surroundings {
            chromedriver: std::env::var_os("ASSAY_CHROMEDRIVER"),
            path: std::env::var_os("PATH").unwrap_or_default(),
            required: std::env::var_os("ASSAY_REQUIRE_BROWSER").is_some_and(|value| value == "1"),
        }
    }
}

#[derive(Debug, PartialEq)]
pub enum NoBrowser {
    /// The tests are not run because this program is missing.
    NotRun(&'static str),
    /// The tests fail with this message.
    Wrong(String),
}

#[derive(Debug, PartialEq)]
pub struct Programs {
    pub chromedriver: PathBuf,
    pub chromium: PathBuf,
}

impl Programs {
    pub fn find(around: &Surroundings) -> Result<Programs, NoBrowser> {
        let missing = |program| {
            if around.required {
                NoBrowser::Wrong(format!("ASSAY_REQUIRE_BROWSER is 1, and there is no {program} on PATH"))
            } else {
                NoBrowser::NotRun(program)
            }
        };
        let chromedriver = match &around.chromedriver {
            Some(named) if is_program(Path::new(named)) => PathBuf::from(named),
            Some(named) => return Err(NoBrowser::Wrong(format!("ASSAY_CHROMEDRIVER is no program: {}", named.display()))),
            None => on_path("chromedriver", &around.path).ok_or_else(|| missing("chromedriver"))?,
        };
        let chromium = on_path("chromium", &around.path).ok_or_else(|| missing("chromium"))?;
        Ok(Programs { chromedriver, chromium })
    }
}

fn on_path(program: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// A running chromedriver in a process group of its own, where its browser is too.
pub struct Driver {
    child: Child,
    watchdog: Child,
    pipe: Option<ChildStdin>,
    folder: PathBuf,
    port: u16,
}

impl Driver {
    pub fn start(chromedriver: &Path) -> Result<Driver, String> {
        let failed = |e: std::io::Error| format!("{}: {e}", chromedriver.display());
        let folder = tempfile::Builder::new().prefix("assay-browser-").tempdir().map_err(failed)?;
        let log = File::create(folder.path().join("driver.log")).map_err(failed)?;
        // A group of its own, so that Ctrl-C in a terminal does not end the watchdog with the tests.
        let mut watchdog = Command::new("sh")
            .args(["-c", WATCHDOG, "sh"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let mut pipe = watchdog.stdin.take();
        let folder = folder.keep();
        let child = Command::new(chromedriver)
            .arg("--port=0") // a free one, which the driver chooses and tells: parallel tests cannot clash
            .arg(format!("--log-path={}", folder.join("session.log").display()))
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .env("XDG_CONFIG_HOME", folder.join("config"))
            .env("XDG_CACHE_HOME", folder.join("cache"))
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        if let Some(pipe) = &mut pipe {
            writeln!(pipe, "{}", child.id()).map_err(failed)?;
        }
        let mut driver = Driver { child, watchdog, pipe, folder, port: 0 };
        driver.port = driver.wait_for_port().map_err(|e| format!("{} does not start: {e}", chromedriver.display()))?;
        Ok(driver)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the driver and the browser have written so far.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.join("driver.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn wait_for_port(&mut self) -> Result<u16, String> {
        let start = Instant::now();
        loop {
            let log = self.log();
            if let Some(port) = port_in(&log) {
                return Ok(port);
            }
            if let Some(status) = self.child.try_wait().map_err(|e| e.to_string())? {
                return Err(format!("{status}\n{log}"));
            }
            if start.elapsed() > START_LIMIT {
                return Err(format!("no port is told after {START_LIMIT:?}\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The port in `ChromeDriver was started successfully on port 43957.`
fn port_in(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("started successfully on port ")?;
    rest.split_once('.')?.0.parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver is waited for last: until then its process id, which is the group's, cannot be another's.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        drop(self.pipe.take());
        let _ = self.watchdog.wait();
        let _ = self.child.wait();
    }
}
